"""What waits: jobs whose ring was not heard or whose worker was lost, and those that nobody looks at any more."""

from datetime import timedelta
from typing import Final

from django.db.models.functions import Now

from configurator.console.bulk.doorbell import ring
from configurator.console.bulk.models import BUSY, BulkJob

PATIENCE: Final = timedelta(seconds=5)
# The audit log keeps what was done; the pages of jobs are kept for so long.
KEPT: Final = timedelta(days=7)
AT_ONCE: Final = 20


def sweep() -> None:
    """Ring for the jobs that wait, and drop old ones; one that is being worked on does not mind the ring."""
    waiting = BulkJob.objects.filter(state__in=BUSY, moved_at__lt=Now() - PATIENCE)
    for pk in waiting.order_by("moved_at").values_list("pk", flat=True)[:AT_ONCE]:
        ring(pk)
    old = BulkJob.objects.filter(asked_at__lt=Now() - KEPT).exclude(state__in=BUSY)
    BulkJob.objects.filter(pk__in=old.values("pk")[:AT_ONCE]).delete()
