"""A timeline as a drawing: bars of cells, marks for edits, ticks of time; every place is a share of the width."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from configurator.status import Status
from tokenchecks.history.edits import Edit
from tokenchecks.history.intervals import Stretch
from tokenchecks.history.periods import Period
from tokenchecks.history.shares import shares

# What a cell shows in which several were: a gap comes before OK, so that no gap ever looks green.
SHOWN_FIRST = (Status.BROKEN, Status.WARNING, Status.UNCHECKED, Status.OK)
# The worse, the taller: the states differ in shape before they differ in colour.
TOP = {Status.OK: 14, Status.WARNING: 7, Status.BROKEN: 0, Status.UNCHECKED: 20}
FOOT = 28
# A moment nearer to the end than this part of the period has no room for its words.
ROOM = 1 / 8
# So much of the width must be empty before words stand in it.
EMPTY = 1 / 3


@dataclass(frozen=True)
class Bar:
    """Neighbouring cells in one state."""

    status: Status
    begin: datetime
    end: datetime
    left: str
    width: str

    @property
    def top(self) -> int:
        """Where the bar begins, from above."""
        return TOP[self.status]

    @property
    def height(self) -> int:
        """How tall the bar is."""
        return FOOT - self.top


@dataclass(frozen=True)
class Mark:
    """An edit on the timeline."""

    left: str
    edit: Edit


@dataclass(frozen=True)
class Tick:
    """A moment written below."""

    left: str
    words: str


@dataclass(frozen=True)
class Drawing:
    """A timeline of one subject, which was there from ``born`` on."""

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
        """Whether words fit into what is empty before the subject was there."""
        return (self.born - self.begin) / (self.end - self.begin) > EMPTY


def draw(
    stretches: Sequence[Stretch], period: Period, begin: datetime, end: datetime, edits: Iterable[Edit] = ()
) -> Drawing:
    """Return the drawing of the stretches, which reach to ``end``; a young subject's begin later than ``begin``."""
    born = stretches[0].begin if stretches else end

    def place(moment: datetime) -> str:
        return _percent((moment - begin) / (end - begin))

    return Drawing(
        period,
        begin,
        end,
        born,
        _bars(stretches, period.cells, begin, end),
        [Mark(place(edit.at), edit) for edit in edits if born <= edit.at <= end],
        [Tick(place(at), words if end - at > (end - begin) * ROOM else "") for at, words in period.ticks(begin, end)],
        _shares(stretches),
    )


def _bars(stretches: Iterable[Stretch], count: int, begin: datetime, end: datetime) -> list[Bar]:
    """Return the bars: each cell shows the worst that was in it."""
    cell = (end - begin) / count
    cells = [len(SHOWN_FIRST)] * count
    for stretch in stretches:
        first, last = math.floor((stretch.begin - begin) / cell), math.ceil((stretch.end - begin) / cell)
        rank = SHOWN_FIRST.index(stretch.status)
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


def _shares(stretches: Iterable[Stretch]) -> list[tuple[Status, str]]:
    """Return how much of the time that the stretches tell of each state took, the worst first."""
    sums = dict.fromkeys(SHOWN_FIRST, timedelta())
    for stretch in stretches:
        sums[stretch.status] += stretch.lasted
    whole = sum(sums.values(), timedelta())
    taken = {status: total / whole for status, total in sums.items() if total}
    return list(zip(taken, shares(list(taken.values())), strict=True))


def _percent(part: float) -> str:
    """Return the part as SVG writes it."""
    return f"{100 * part:.3f}%"
