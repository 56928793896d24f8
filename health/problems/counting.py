"""What counts as a problem: what is broken, and what is warned of unless somebody acknowledged it."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from health.alarms.ending import ENDS_SOON
from health.models import Acknowledgement
from tokenchecks.models import Watch


def counting(watches: QuerySet[Watch, Any]) -> QuerySet[Watch, Any]:
    """Return those of the watches that count: what is checked by itself, and no ending secret."""
    acknowledged = (
        Acknowledgement.objects.active()
        .of_warnings()
        .filter(kind=OuterRef("kind"), subject_id=OuterRef("subject_id"), cause=OuterRef("cause"))
    )
    watched = watches.filter(due_at__isnull=False).exclude(status="warning", cause=ENDS_SOON)
    return watched.filter(Q(status="broken") | (Q(status="warning") & ~Exists(acknowledged)))
