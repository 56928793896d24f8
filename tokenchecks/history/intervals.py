"""From spans to stretches of time without a hole: what was known, and where nobody looked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from configurator.status import Status
from tokenchecks.models import Span
from tokenchecks.subjects.freshness import known_for

GOOD = (Status.OK, Status.WARNING)
ZERO = timedelta()


@dataclass(frozen=True)
class Stretch:
    """A stretch of time in one state; without a span nothing was checked."""

    begin: datetime
    end: datetime
    span: Span | None = None

    @property
    def status(self) -> Status:
        """The state, Not checked for a gap."""
        return Status(self.span.status) if self.span else Status.UNCHECKED

    @property
    def lasted(self) -> timedelta:
        """How long it lasted, what came and went on one day together."""
        return (self.span.lasted if self.span else None) or self.end - self.begin


@dataclass(frozen=True)
class Uptime:
    """How much of a period was checked, and how much of that was good: OK, or a warning under which mail flows."""

    checked: timedelta
    good: timedelta
    unchecked: timedelta

    @property
    def share(self) -> float | None:
        """The good share of what was checked, 0 to 1; None where nothing was."""
        return self.good / self.checked if self.checked else None


def stretches_of(spans: Sequence[Span], begin: datetime, end: datetime, *, watched: bool = True) -> list[Stretch]:
    """Return the stretches from ``begin`` to ``end``, oldest first, with a gap wherever nothing was known.

    ``spans`` come oldest first.  A finding holds until the next check, unless that is so late that the checker must
    have been silent or switched off; the last one of a subject that is not ``watched`` ends with its last check.
    """
    found: list[Stretch] = []
    at = begin
    for number, span in enumerate(spans):
        last = number == len(spans) - 1
        holds = ZERO if last and not watched else known_for(span.status, span.error_class)
        upto = min(span.until + holds, end if last else max(spans[number + 1].since or end, span.until), end)
        since = max(span.since or begin, begin)
        if upto <= since:
            continue
        if since > at:
            found.append(Stretch(at, since))
        found.append(Stretch(since, upto, span))
        at = max(at, upto)
    if at < end:
        found.append(Stretch(at, end))
    return found


def uptime_of(stretches: Iterable[Stretch]) -> Uptime:
    """Return the uptime over stretches that do not overlap."""
    checked = good = unchecked = ZERO
    for stretch in stretches:
        length = stretch.end - stretch.begin
        if stretch.span is None:
            unchecked += length
            continue
        checked += length
        good += length if stretch.status in GOOD else ZERO
    return Uptime(checked, good, unchecked)


def within(stretches: Iterable[Stretch], begin: datetime) -> list[Stretch]:
    """Return the stretches after ``begin``, the first cut where it reaches back."""
    return [Stretch(max(one.begin, begin), one.end, one.span) for one in stretches if one.end > begin]


def changes_in(stretches: Iterable[Stretch]) -> int:
    """Return how often the state changed, gaps left aside."""
    checked = [stretch.status for stretch in stretches if stretch.span]
    return sum(before != after for before, after in pairwise(checked))
