"""Recovers runs: notifies workers again of those that wait, and gives up those whose workers are lost."""

from datetime import timedelta

from configurator.jobs.doorbell import notify
from tokenchecks.models import CheckRun
from tokenchecks.worker.close import close_unclaimed, give_up

NOTIFY_AGAIN_AFTER = timedelta(seconds=10)
SWEEP_AT_ONCE = 500


def sweep_runs() -> int:
    """Notify workers of runs that wait or lost their worker, give up those lost three times; return how many were
    notified.
    """
    close_unclaimed()
    for run in CheckRun.objects.lapsed().spent()[:SWEEP_AT_ONCE]:
        give_up(run)
    lapsed = CheckRun.objects.lapsed().unspent().order_by("lease_until")
    waiting = CheckRun.objects.unclaimed(after=NOTIFY_AGAIN_AFTER).order_by("requested_at")
    due = [*lapsed[:SWEEP_AT_ONCE], *waiting[:SWEEP_AT_ONCE]]
    return notify(due, limit=SWEEP_AT_ONCE)
