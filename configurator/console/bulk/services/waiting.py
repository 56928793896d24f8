"""Sweeping: jobs that wait or lost their worker, and those that nobody looks at any more."""

from datetime import timedelta
from typing import Final

from django.db.models.functions import Now

from configurator.console.bulk.models import BUSY, BulkJob
from configurator.jobs.doorbell import notify

PATIENCE: Final = timedelta(seconds=5)
# The audit log keeps what was done; the pages of jobs are kept for so long.
KEPT: Final = timedelta(days=7)
AT_ONCE: Final = 20


def sweep() -> None:
    """Notify workers of the jobs that wait or lost their worker, and drop old ones."""
    lost = BulkJob.objects.lapsed().order_by("moved_at")
    waiting = BulkJob.objects.unclaimed(after=PATIENCE).order_by("moved_at")
    notify([*lost[:AT_ONCE], *waiting[:AT_ONCE]])
    old = BulkJob.objects.filter(asked_at__lt=Now() - KEPT).exclude(state__in=BUSY)
    BulkJob.objects.filter(pk__in=old.values("pk")[:AT_ONCE]).delete()
