"""The end of dismissals: at their date, or when the warning is no longer the one that was dismissed."""

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone

from health.alarms.models import ENDING, Alarm, Dismissal
from tokenchecks.models import Watch


def end_dismissals() -> None:
    """End those that hold no more."""
    same = Watch.objects.filter(
        kind=OuterRef("kind"), subject_id=OuterRef("subject_id"), status="warning", cause=OuterRef("cause")
    )
    band = Alarm.objects.open().filter(pk=OuterRef("subject_id"), band=OuterRef("band"))
    stands = (~Q(kind=ENDING) & Exists(same)) | (Q(kind=ENDING) & Exists(band))
    open_ = Dismissal.objects.filter(ended_at__isnull=True)
    open_.filter(~stands | Q(until__lt=timezone.localdate())).update(ended_at=Now())
