"""How the checker itself is, as far as the database tells."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from configurator.accounts.scope import Scope
from configurator.db.capped_count import said
from configurator.status import Status
from health.findings.models import Look
from health.problems.problems import Figure
from tokenchecks.models import CheckRun, Purpose, State, Watch

# The clock has a worker check the rules once a minute: after so long without, one of the two is not running.
BEAT: Final = timedelta(minutes=3)


@dataclass(frozen=True)
class Checker:
    """When was checked last, how much of what, and when the clock and a worker were seen last."""

    last: datetime | None
    seen: datetime | None
    ended: Figure
    overdue: Figure
    waiting: Figure
    running: Figure

    @property
    def is_alive(self) -> bool:
        """Whether the clock and a worker were seen of late."""
        return self.seen is not None and timezone.now() - self.seen < BEAT

    @property
    def state(self) -> Status:
        """That in a word, with its shape."""
        return Status.OK if self.is_alive else Status.WARNING


def checker_counts(kinds: list[str], scope: Scope) -> dict[str, QuerySet[Any]]:
    """Return what is counted, as the lists show it."""
    runs = CheckRun.objects.visible_to(scope).filter(kind__in=kinds, purpose=Purpose.CHECK)
    return {
        "ended": runs.filter(state=State.DONE).ended_within("hour"),
        "waiting": runs.filter(state=State.QUEUED),
        "running": runs.filter(state=State.RUNNING),
        "overdue": Watch.objects.visible_to(scope).filter(kind__in=kinds).overdue(),
    }


def checker_moments(kinds: list[str], scope: Scope) -> dict[str, QuerySet[Any, Any]]:
    """Return the moments to read, the first row of each."""
    runs = CheckRun.objects.visible_to(scope).filter(kind__in=kinds, purpose=Purpose.CHECK, state=State.DONE)
    ended = runs.order_by("-finished_at")
    return {"last": ended.values("finished_at"), "seen": Look.objects.order_by().values("at")}


def checker_of(found: dict[str, Any]) -> Checker:
    """Return the figures with their lists."""
    runs, watched = reverse("tokenchecks:run_list"), reverse("tokenchecks:standing_list")
    return Checker(
        found["last"],
        found["seen"],
        ended=Figure(said(found["ended"]), f"{runs}?state=done&ended=hour"),
        overdue=Figure(said(found["overdue"]), f"{watched}?due=overdue"),
        waiting=Figure(said(found["waiting"]), f"{runs}?state=queued"),
        running=Figure(said(found["running"]), f"{runs}?state=running"),
    )
