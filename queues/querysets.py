"""Reads of queues and addresses."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Case, Count, IntegerField, Max, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from configurator.console.status import Status

if TYPE_CHECKING:
    from queues.models import Queue, QueueAddress  # noqa: F401  the types of the rows

SEVERITY = {Status.OK: 1, Status.UNCHECKED: 2, Status.WARNING: 3, Status.BROKEN: 4}


class QueueQuerySet(models.QuerySet["Queue"]):
    """The questions asked of queues."""

    def matching(self, text: str) -> Self:
        """Return those whose name, description or one of whose addresses holds the text."""
        from queues.models import QueueAddress  # noqa: PLC0415  models import this file

        with_address = QueueAddress.objects.filter(address__icontains=text).values("queue")
        return self.filter(Q(name__icontains=text) | Q(description__icontains=text) | Q(pk__in=with_address))

    def with_state(self) -> Self:
        """Annotate ``address_count`` and ``severity``, the worst state among the addresses (see SEVERITY).

        Subqueries rather than a join, so that a page of rows costs the addresses of that page alone.
        """
        from queues.models import QueueAddress  # noqa: PLC0415  models import this file

        rank = Case(
            *(When(status=status, then=Value(rank)) for status, rank in SEVERITY.items()), output_field=IntegerField()
        )
        of_queue = QueueAddress.objects.filter(queue=OuterRef("pk")).order_by().values("queue")
        return self.annotate(
            address_count=Coalesce(Subquery(of_queue.annotate(rows=Count("pk")).values("rows")), 0),
            severity=Subquery(of_queue.annotate(worst=Max(rank)).values("worst")),
        )


class QueueAddressQuerySet(models.QuerySet["QueueAddress"]):
    """The questions asked of addresses."""

    def matching(self, text: str) -> Self:
        """Return those whose address or account holds the text."""
        return self.filter(Q(address__icontains=text) | Q(account__icontains=text))

    def whole(self) -> Self:
        """Load what a page shows of an address: its queue, its server and when its password was set."""
        return self.select_related("queue", "server", "password")
