"""Reads of alarms, notices and dismissals."""

import uuid
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone

if TYPE_CHECKING:
    from alarms.models import Alarm, AlarmSubject, Dismissal, Notice  # noqa: F401  the types of the rows


class AlarmQuerySet(models.QuerySet["Alarm"]):
    """The questions asked of alarms."""

    def matching(self, text: str) -> Self:
        """Return the alarms whose name holds the text, or the name of something that they are about."""
        from alarms.models import AlarmSubject  # noqa: PLC0415  models import this file

        about = AlarmSubject.objects.filter(name__icontains=text).values("alarm")
        return self.filter(Q(name__icontains=text) | Q(cause__icontains=text) | Q(pk__in=about))

    def open(self) -> Self:
        """Return those that still last."""
        return self.filter(closed_at__isnull=True)

    def visible_to(self, kinds: list[str]) -> Self:
        """Return those that are about something of these kinds, or about nothing of any kind."""
        return self.filter(Q(kind="") | Q(kind__in=kinds))

    def counting(self) -> Self:
        """Return the open alarms of ending secrets that nobody has dismissed for their present band."""
        from alarms.models import ENDING, Dismissal  # noqa: PLC0415  models import this file

        dismissed = Dismissal.objects.active().filter(kind=ENDING, subject_id=OuterRef("pk"), band=OuterRef("band"))
        return self.open().filter(~Exists(dismissed), topic="expiry")


class AlarmSubjectQuerySet(models.QuerySet["AlarmSubject"]):
    """The questions asked of what alarms are about."""

    def present(self) -> Self:
        """Return those that an open alarm of something broken still holds."""
        return self.filter(left_at__isnull=True, alarm__closed_at__isnull=True, alarm__topic="broken")


class NoticeQuerySet(models.QuerySet["Notice"]):
    """The questions asked of the outbox."""

    def due(self) -> Self:
        """Return what may be sent now; "recovered" waits until "broken" is out."""
        earlier = self.model.objects.filter(
            alarm=OuterRef("alarm"), channel=OuterRef("channel"), event="opened", state="queued"
        ).exclude(pk=OuterRef("pk"))
        return self.filter(~Exists(earlier), state="queued", next_at__lte=Now()).order_by("created_at", "pk")


class DismissalQuerySet(models.QuerySet["Dismissal"]):
    """The questions asked of dismissed warnings."""

    def active(self) -> Self:
        """Return those that hold today."""
        return self.filter(ended_at__isnull=True, until__gte=timezone.localdate())

    def of(self, kind: str, subject_id: uuid.UUID) -> Self:
        """Return those of one subject."""
        return self.filter(kind=kind, subject_id=subject_id)
