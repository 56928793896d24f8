"""A timeline as a drawing: bars of cells, marks for edits, ticks of time; positions are shares of the width."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from configurator.status import Status
from tokenchecks.history.edits import Edit
from tokenchecks.history.intervals import Interval
from tokenchecks.history.periods import Period
from tokenchecks.history.shares import shares

# Which status a cell with several shows: a gap comes before OK, so that no gap ever looks green.
SHOWN_FIRST = (Status.BROKEN, Status.WARNING, Status.UNCHECKED, Status.OK)
# The worse, the taller: statuses differ in shape before they differ in colour.
TOP = {Status.OK: 14, Status.WARNING: 7, Status.BROKEN: 0, Status.UNCHECKED: 20}
FOOT = 28
# A label nearer to the end than this part of the period would not fit.
ROOM = 1 / 8
# The least empty width into which words fit.
EMPTY = 1 / 3


@dataclass(frozen=True)
class Bar:
    """Neighbouring cells of one status."""

    status: Status
    begin: datetime
    end: datetime
    left: str
    width: str

    @property
    def top(self) -> int:
        return TOP[self.status]

    @property
    def height(self) -> int:
        return FOOT - self.top


@dataclass(frozen=True)
class Mark:
    left: str
    edit: Edit


@dataclass(frozen=True)
class Tick:
    left: str
    words: str


@dataclass(frozen=True)
class Drawing:
    """A timeline of one subject, which exists from ``born`` on."""

    period: Period
    begin: datetime
    end: datetime
    born: datetime
    bars: list[Bar]
    marks: list[Mark]
    ticks: list[Tick]
    shares: list[tuple[Status, str]]

    @property
    def is_cut(self) -> bool:
        """Whether the subject is younger than the period."""
        return self.born > self.begin

    @property
    def has_room(self) -> bool:
        """Whether words fit into the part before the subject existed."""
        return (self.born - self.begin) / (self.end - self.begin) > EMPTY


def draw(
    intervals: Sequence[Interval], period: Period, begin: datetime, end: datetime, edits: Iterable[Edit] = ()
) -> Drawing:
    """Return the drawing of the intervals, which reach to ``end``; a young subject's begin later than ``begin``."""
    born = intervals[0].begin if intervals else end

    def place(moment: datetime) -> str:
        return _percent((moment - begin) / (end - begin))

    return Drawing(
        period,
        begin,
        end,
        born,
        _bars(intervals, period.cells, begin, end),
        [Mark(place(edit.at), edit) for edit in edits if born <= edit.at <= end],
        [Tick(place(at), words if end - at > (end - begin) * ROOM else "") for at, words in period.ticks(begin, end)],
        _shares(intervals),
    )


def _bars(intervals: Iterable[Interval], count: int, begin: datetime, end: datetime) -> list[Bar]:
    """Return the bars: each cell shows the worst status in it."""
    cell = (end - begin) / count
    cells = [len(SHOWN_FIRST)] * count
    for interval in intervals:
        first, last = math.floor((interval.begin - begin) / cell), math.ceil((interval.end - begin) / cell)
        rank = SHOWN_FIRST.index(interval.status)
        for at in range(max(first, 0), min(last, count)):
            cells[at] = min(cells[at], rank)
    bars, at = [], 0
    for rank, group in groupby(cells):
        width = len(list(group))
        if rank < len(SHOWN_FIRST):
            status = SHOWN_FIRST[rank]
            edges = (begin + at * cell, begin + (at + width) * cell)
            bars.append(Bar(status, *edges, _percent(at / count), _percent(width / count)))
        at += width
    return bars


def _shares(intervals: Iterable[Interval]) -> list[tuple[Status, str]]:
    """Return the share of each status in the time that the intervals cover, the worst first."""
    sums = dict.fromkeys(SHOWN_FIRST, timedelta())
    for interval in intervals:
        sums[interval.status] += interval.lasted
    whole = sum(sums.values(), timedelta())
    taken = {status: total / whole for status, total in sums.items() if total}
    return list(zip(taken, shares(list(taken.values())), strict=True))


def _percent(part: float) -> str:
    """Return the percentage as SVG writes it."""
    return f"{100 * part:.3f}%"
