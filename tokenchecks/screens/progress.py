"""The progress of a round: counts by outcome, and the checks that ended last."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from configurator.accounts.scope import Scope
from configurator.status import Status
from tokenchecks.models import CheckRound, CheckRun, State

SHOWN = 50
WORST_FIRST = (Status.BROKEN, Status.WARNING, Status.OK)


@dataclass(frozen=True)
class Progress:
    round: CheckRound
    counts: list[tuple[Status, int]]
    total: int
    ended: int
    waiting: int
    newest: list[CheckRun]

    @property
    def is_open(self) -> bool:
        """Whether the page goes on polling."""
        return self.waiting > 0

    @property
    def left_out(self) -> int:
        """How many were cancelled, or deleted with their subjects."""
        return max(self.total - self.ended - self.waiting, 0)


def progress_of(round_: CheckRound, kinds: list[str], scope: Scope) -> Progress:
    """Return the progress within the kinds and queues that may be viewed; two queries.

    A user who is limited to some queues sees no count of checks left out, since they may be another's.
    """
    runs = CheckRun.objects.visible_to(scope).filter(round=round_, kind__in=kinds)
    counted: dict[Any, int] = {}
    waiting = 0
    for state, status, rows in runs.order_by().values_list("state", "result__status").annotate(rows=Count("pk")):
        if state in (State.QUEUED, State.RUNNING):
            waiting += rows
        elif status:
            counted[status] = counted.get(status, 0) + rows
    ended = sum(counted.values())
    newest = runs.filter(result__isnull=False).select_related("result").order_by("-finished_at")[:SHOWN]
    return Progress(
        round_,
        [(status, counted[status]) for status in WORST_FIRST if status in counted],
        round_.total if scope.is_whole else ended + waiting,
        ended,
        waiting,
        sorted(newest, key=lambda run: WORST_FIRST.index(Status(run.result.status))),
    )
