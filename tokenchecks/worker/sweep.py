"""Sweeping: whatever waits unheard is rung for again, and what lost its workers is given up."""

from datetime import timedelta

from tokenchecks.doorbell import ring
from tokenchecks.models import CheckRun
from tokenchecks.worker.close import abandon_unheard, bury

RING_AGAIN_AFTER = timedelta(seconds=10)
SWEEP_AT_ONCE = 500


def sweep() -> int:
    """Ring for every run that waits unheard or lost its worker, bury those lost three times; return how many rang."""
    abandon_unheard()
    for run in CheckRun.objects.lapsed().spent()[:SWEEP_AT_ONCE]:
        bury(run)
    lapsed = CheckRun.objects.lapsed().unspent().order_by("lease_until")
    unheard = CheckRun.objects.unheard(after=RING_AGAIN_AFTER).order_by("requested_at")
    due = [*lapsed[:SWEEP_AT_ONCE], *unheard[:SWEEP_AT_ONCE]]
    return ring(due, pile=SWEEP_AT_ONCE) if due else 0
