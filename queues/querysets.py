"""Queries of queues and addresses."""

import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from configurator.accounts.scope import Scope
from configurator.db.trigram import found_in, holding
from mailsettings.impact import Use

if TYPE_CHECKING:
    from queues.models import Queue, QueueAddress  # noqa: F401  the types of the rows


class QueueQuerySet(models.QuerySet["Queue"]):
    def visible_to(self, scope: Scope) -> Self:
        """Return those within the scope; those without a group are hidden from users who are limited to groups."""
        return self if scope.groups is None else self.filter(group__in=scope.groups)

    def matching(self, text: str) -> "QuerySet[Queue]":
        """Return those whose name, description or one of whose addresses contains the text."""
        from queues.models import QueueAddress  # noqa: PLC0415  models import this file

        own, of_address = holding(text, "name", "description"), holding(text, "address", "account")
        addresses = QueueAddress.objects.filter(of_address).order_by()
        parts = (
            self.model._default_manager.filter(own).values_list("pk", flat=True),
            addresses.values_list("queue", flat=True),
        )
        return found_in(self, parts, own | Q(Exists(addresses.filter(queue=OuterRef("pk")))))

    def with_use(self) -> Self:
        """Annotate ``address_count``; a subquery, so that a page of rows costs the addresses of that page alone."""
        from queues.models import QueueAddress  # noqa: PLC0415  models import this file

        of_queue = QueueAddress.objects.filter(queue=OuterRef("pk")).order_by().values("queue")
        return self.annotate(address_count=Coalesce(Subquery(of_queue.annotate(rows=Count("pk")).values("rows")), 0))

    def lock_all(self, pks: Iterable[uuid.UUID]) -> None:
        """Lock the queues, always in the same order; foreign keys to them do not wait."""
        list(self.filter(pk__in=pks).select_for_update(no_key=True).order_by("pk").values_list("pk"))


def seen_subjects(scope: Scope) -> Q:
    """Return a condition for rows whose ``subject_id`` is no address, or one on a queue within the scope.

    What was known of a deleted address is seen only by users who are not limited to groups.
    """
    from queues.models import QueueAddress  # noqa: PLC0415  models import this file

    seen = QueueAddress.objects.visible_to(scope).order_by().values("pk")
    return ~Q(kind="address") | Q(subject_id__in=seen)


class QueueAddressQuerySet(models.QuerySet["QueueAddress"]):
    def visible_to(self, scope: Scope) -> Self:
        return self if scope.groups is None else self.filter(queue__group__in=scope.groups)

    def matching(self, text: str) -> Self:
        """Return those whose address or account contains the text."""
        return self.filter(holding(text, "address", "account"))

    def use(self) -> Use:
        """Return how many addresses these are, and on how many queues."""
        return Use(**self.aggregate(queues=Count("queue", distinct=True), addresses=Count("pk")))

    def whole(self) -> Self:
        """Load what a page shows of an address: its queue, its server and when its password was set."""
        return self.select_related("queue", "server", "password")

    def lock_all(self, pks: Iterable[uuid.UUID]) -> None:
        """Lock the addresses, always in the same order; after their queues."""
        list(self.filter(pk__in=pks).select_for_update(of=("self",)).order_by("pk").values_list("pk"))
