"""From spans to intervals without a hole: what was known, and where nothing was checked."""

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
class Interval:
    """A time in one status; without a span nothing was checked."""

    begin: datetime
    end: datetime
    span: Span | None = None

    @property
    def status(self) -> Status:
        """The status; Not checked for a gap."""
        return Status(self.span.status) if self.span else Status.UNCHECKED

    @property
    def lasted(self) -> timedelta:
        """How long it lasted; of a day that was rolled up, the sum."""
        return (self.span.lasted if self.span else None) or self.end - self.begin


@dataclass(frozen=True)
class Uptime:
    """How much of a period was checked, and how much of that was OK or a warning under which mail flows."""

    checked: timedelta
    good: timedelta
    unchecked: timedelta

    @property
    def share(self) -> float | None:
        """The share of the checked time that was good, 0 to 1; None where nothing was checked."""
        return self.good / self.checked if self.checked else None


def intervals_of(spans: Sequence[Span], begin: datetime, end: datetime, *, watched: bool = True) -> list[Interval]:
    """Return the intervals from ``begin`` to ``end``, oldest first, with a gap wherever nothing was known.

    ``spans`` come oldest first. A result holds until the next check, unless that is so late that the checker must have
    been silent or switched off; the last one of a subject that is not ``watched`` ends with its last check.
    """
    found: list[Interval] = []
    at = begin
    for number, span in enumerate(spans):
        last = number == len(spans) - 1
        holds = ZERO if last and not watched else known_for(span.status, span.error_class)
        upto = min(span.until + holds, end if last else max(spans[number + 1].since or end, span.until), end)
        since = max(span.since or begin, begin)
        if upto <= since:
            continue
        if since > at:
            found.append(Interval(at, since))
        found.append(Interval(since, upto, span))
        at = max(at, upto)
    if at < end:
        found.append(Interval(at, end))
    return found


def uptime_of(intervals: Iterable[Interval]) -> Uptime:
    """Return the uptime over intervals that do not overlap."""
    checked = good = unchecked = ZERO
    for interval in intervals:
        length = interval.end - interval.begin
        if interval.span is None:
            unchecked += length
            continue
        checked += length
        good += length if interval.status in GOOD else ZERO
    return Uptime(checked, good, unchecked)


def within(intervals: Iterable[Interval], begin: datetime) -> list[Interval]:
    """Return the intervals after ``begin``, the first one cut."""
    return [Interval(max(one.begin, begin), one.end, one.span) for one in intervals if one.end > begin]


def changes_in(intervals: Iterable[Interval]) -> int:
    """Return how often the status changed, without gaps."""
    checked = [interval.status for interval in intervals if interval.span]
    return sum(before != after for before, after in pairwise(checked))
