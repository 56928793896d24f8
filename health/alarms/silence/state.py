"""Whether checks still run, read from the database alone."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Min, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.timesince import timesince

from tokenchecks.models import CheckRun, Watch
from tokenchecks.models.querysets import CheckRunQuerySet, WatchQuerySet

IN_MINUTES = 120


@dataclass(frozen=True)
class Silence:
    """Since when nothing moves, and how much waits."""

    since: datetime
    overdue: int
    unclaimed: int

    @property
    def sentence(self) -> str:
        """What waits and for how long, in half a line."""
        minutes = int((timezone.now() - self.since).total_seconds()) // 60
        lasting = f"{minutes} min" if minutes < IN_MINUTES else timesince(self.since, depth=1)
        waits = self.overdue or self.unclaimed
        what = "are overdue" if self.overdue else "wait for a worker"
        return f"Checks stand still for {lasting}: {waits} {what}"


def overdue() -> WatchQuerySet:
    """Return what should have been checked long ago."""
    return Watch.objects.overdue()


def unclaimed() -> CheckRunQuerySet:
    """Return the runs that no worker has taken for as long, though they might have, or that a lost one still holds."""
    long_ago = Now() - settings.SILENT_AFTER
    might = Q(not_before__isnull=True) | Q(not_before__lt=long_ago)
    waiting = Q(might, state="queued", requested_at__lt=long_ago)
    return CheckRun.objects.filter(waiting | Q(state="running", lease_until__lt=long_ago))


def silence() -> Silence | None:
    """Return since when nothing moves, None while checks run."""
    late = overdue().aggregate(number=Count("pk"), since=Min("due_at"))
    waiting = unclaimed().aggregate(number=Count("pk"), since=Min("requested_at"))
    return silence_of((late["number"], late["since"]), (waiting["number"], waiting["since"]))


def silence_of(late: tuple[int, datetime | None], waiting: tuple[int, datetime | None]) -> Silence | None:
    """Return the silence of so many overdue watches and unclaimed runs, each with its earliest moment."""
    since = [moment for _, moment in (late, waiting) if moment]
    return Silence(min(since), late[0], waiting[0]) if since else None
