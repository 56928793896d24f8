"""What counts as trouble: what is broken, and what is warned of unless somebody dismissed it."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from alarms.models import Dismissal
from tokenchecks.models import Watch


def counting(watches: QuerySet[Watch, Any]) -> QuerySet[Watch, Any]:
    """Return those of the watches that count: of what is checked by itself alone."""
    dismissed = Dismissal.objects.active().filter(
        kind=OuterRef("kind"), subject_id=OuterRef("subject_id"), cause=OuterRef("cause")
    )
    watched = watches.filter(due_at__isnull=False)
    return watched.filter(Q(status="broken") | (Q(status="warning") & ~Exists(dismissed)))
