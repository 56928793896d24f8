"""Reads of alarms and notices."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Case, CharField, Count, Exists, F, Min, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, Now

from configurator.accounts.scope import WHOLE, Scope
from health.models import Acknowledgement
from queues.querysets import seen_subjects

if TYPE_CHECKING:
    from health.alarms.models import Alarm, AlarmSubject, Notice  # noqa: F401  the types of the rows


class AlarmQuerySet(models.QuerySet["Alarm"]):
    """Reads of alarms."""

    def matching(self, text: str, scope: Scope = WHOLE) -> Self:
        """Return the alarms whose name holds the text, or the name of something within the scope they are about."""
        about = self._about(scope).filter(name__icontains=text).values("alarm")
        named = Q(name__icontains=text) if scope.is_whole else Q(name__icontains=text) & ~Q(kind="address")
        return self.filter(named | Q(cause__icontains=text) | Q(pk__in=about))

    def open(self) -> Self:
        """Return those that still last."""
        return self.filter(closed_at__isnull=True)

    def visible_to(self, scope: Scope) -> Self:
        """Return those that are about a server, about an address on a queue within the scope, or about nothing."""
        if scope.is_whole:
            return self
        return self.filter(~Q(kind="address") | Exists(self._about(scope).filter(alarm=OuterRef("pk"))))

    def of_kinds(self, kinds: list[str]) -> Self:
        """Return those that are about something of these kinds, or about nothing of any kind."""
        return self.filter(Q(kind="") | Q(kind__in=kinds))

    def worded_for(self, scope: Scope) -> Self:
        """Annotate ``called``, ``stopping`` and ``detailed`` without what is on queues outside the scope.

        They are the name, what stops, and what is overdue, which counts all queues, and is "" for who sees only some.
        """
        if scope.is_whole:
            return self.annotate(called=F("name"), stopping=F("stops"), detailed=F("detail"))
        about = self._about(scope).filter(alarm=OuterRef("pk"), kind="address").order_by().values("alarm")
        number = Coalesce(Subquery(about.annotate(rows=Count("pk")).values("rows")), 0)
        first = Subquery(about.annotate(first=Min("name")).values("first"))
        many = Concat(Cast(F("addresses_seen"), CharField()), Value(" addresses"))
        called = Case(
            When(~Q(kind="address"), then=F("name")), When(addresses_seen=1, then=F("first_seen")), default=many
        )
        seen = self.annotate(addresses_seen=number, first_seen=first)
        nothing = Value("", output_field=CharField())
        return seen.annotate(called=called, stopping=nothing, detailed=nothing)

    @staticmethod
    def _about(scope: Scope) -> "AlarmSubjectQuerySet":
        """Return what alarms are about that is within the scope."""
        from health.alarms.models import AlarmSubject  # noqa: PLC0415  models import this file

        return AlarmSubject.objects.visible_to(scope)

    def counting(self) -> Self:
        """Return the open alarms of ending secrets that nobody has acknowledged for their present band."""
        from health.alarms.models import ENDING  # noqa: PLC0415  models import this file

        warnings = Acknowledgement.objects.active().of_warnings()
        acknowledged = warnings.filter(kind=ENDING, subject_id=OuterRef("pk"), band=OuterRef("band"))
        return self.open().filter(~Exists(acknowledged), topic="expiry")


class AlarmSubjectQuerySet(models.QuerySet["AlarmSubject"]):
    """Reads of what alarms are about."""

    def visible_to(self, scope: Scope) -> Self:
        """Return the servers, and the addresses on queues within the scope."""
        return self if scope.is_whole else self.filter(seen_subjects(scope))

    def numbers(self) -> dict[str, int]:
        """Return how many left for each reason; under "" how many have not left."""
        counts = self.order_by().values("left").annotate(number=Count("pk"))
        return dict(counts.values_list("left", "number"))

    def present(self) -> Self:
        """Return those that an open alarm of something broken still holds."""
        return self.filter(left_at__isnull=True, alarm__closed_at__isnull=True, alarm__topic="broken")


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Reads of the outbox."""

    def due(self) -> Self:
        """Return what may be sent now; "recovered" waits until "broken" is out."""
        earlier = self.model.objects.filter(
            alarm=OuterRef("alarm"), channel=OuterRef("channel"), event="opened", state="queued"
        ).exclude(pk=OuterRef("pk"))
        return self.filter(~Exists(earlier), state="queued", next_at__lte=Now()).order_by("created_at", "pk")
