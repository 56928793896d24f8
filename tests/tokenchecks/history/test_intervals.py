"""From spans to intervals and uptime: what was known, and where nobody looked."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from configurator.status import Status
from tokenchecks.history.intervals import Interval, changes_in, intervals_of, uptime_of, within
from tokenchecks.history.periods import PERIODS, Period
from tokenchecks.history.shares import share, shares
from tokenchecks.history.timeline import SHOWN_FIRST, draw
from tokenchecks.models import Span
from tokenchecks.subjects.freshness import known_for

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
BEGIN = NOW - timedelta(days=7)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
GREEN = known_for("ok", "")


def span(status: str, since: timedelta, until: timedelta, error_class: str = "") -> Span:
    """Return a span from ``since`` to ``until`` before now."""
    return Span(kind="address", status=status, since=NOW - since, until=NOW - until, error_class=error_class)


# Gaps between checks and lengths of spans in minutes, with a state each: a past as it may be.
pasts = st.lists(
    st.tuples(st.integers(1, 3000), st.integers(0, 3000), st.sampled_from(["ok", "warning", "broken"])), max_size=12
)


def spans_of(past: list[tuple[int, int, str]]) -> list[Span]:
    """Return the spans of such a past, oldest first, the last one ending now or before."""
    at, found = NOW, []
    for gap, length, status in past:
        until = at - gap * MINUTE
        since = until - length * MINUTE
        error_class = "transient" if status == "broken" else ""
        found.append(Span(kind="address", status=status, since=since, until=until, error_class=error_class))
        at = since
    return found[::-1]


@given(pasts)
def test_intervals_fill_the_period_without_hole_or_overlap(past: list[tuple[int, int, str]]) -> None:
    intervals = intervals_of(spans_of(past), BEGIN, NOW)

    assert intervals[0].begin == BEGIN
    assert intervals[-1].end == NOW
    assert all(one.end == other.begin for one, other in pairwise(intervals))


@given(pasts)
def test_uptime_agrees_with_asking_each_minute(past: list[tuple[int, int, str]]) -> None:
    """Whoever looks at the middle of each minute, and counts, finds the same."""
    spans = spans_of(past)
    checked = good = 0
    for minute in range(7 * 24 * 60):
        moment = BEGIN + (minute + 0.5) * MINUTE
        known = [one for one in spans if one.since is not None and one.since <= moment]
        if known and moment < known[-1].until + known_for(known[-1].status, known[-1].error_class):
            checked += 1
            good += known[-1].status != "broken"
    uptime = uptime_of(intervals_of(spans, BEGIN, NOW))

    # A stretch may begin or end within a minute: at most half of one is counted to the wrong side each time.
    room = (len(spans) + 1) * MINUTE
    assert abs(uptime.checked - checked * MINUTE) <= room
    assert abs(uptime.good - good * MINUTE) <= room
    assert uptime.checked + uptime.unchecked == NOW - BEGIN
    assert uptime.good <= uptime.checked


def test_nothing_checked_is_no_uptime() -> None:
    assert uptime_of(intervals_of([], BEGIN, NOW)).share is None


def test_a_silent_checker_leaves_a_gap_and_no_green() -> None:
    """Two hours between two good checks: known for a while after the first, then nobody looked."""
    intervals = intervals_of([span("ok", 4 * HOUR, 3 * HOUR), span("ok", HOUR, MINUTE)], NOW - 4 * HOUR, NOW)

    assert [one.status for one in intervals] == [Status.OK, Status.UNCHECKED, Status.OK]
    assert intervals[1] == Interval(NOW - 3 * HOUR + GREEN, NOW - HOUR)
    assert changes_in(intervals) == 0


def test_what_rests_until_somebody_mends_it_stays_red_for_a_day() -> None:
    """A final failure is looked at once a day: red lasts from one look to the next."""
    past = [span("broken", 50 * HOUR, 49 * HOUR, "secret"), span("broken", 25 * HOUR, HOUR, "consent")]
    intervals = intervals_of(past, NOW - 50 * HOUR, NOW)

    assert {one.status for one in intervals} == {Status.BROKEN}
    transient = intervals_of([span("broken", 50 * HOUR, 49 * HOUR, "transient")], NOW - 50 * HOUR, NOW)
    assert [one.status for one in transient] == [Status.BROKEN, Status.UNCHECKED]


def test_what_is_watched_no_more_ends_with_its_last_check() -> None:
    intervals = intervals_of([span("ok", 4 * HOUR, 3 * HOUR)], NOW - 4 * HOUR, NOW, watched=False)

    assert intervals[0].end == NOW - 3 * HOUR
    assert intervals[1].status == Status.UNCHECKED


def test_within_cuts_what_reaches_back() -> None:
    intervals = intervals_of([span("ok", 4 * HOUR, MINUTE)], NOW - 4 * HOUR, NOW)
    assert within(intervals, NOW - HOUR)[0].begin == NOW - HOUR


@given(pasts, st.sampled_from(PERIODS))
def test_bars_cover_the_width_once_and_no_gap_looks_green(past: list[tuple[int, int, str]], period: Period) -> None:
    """Each cell shows the worst within it, and a cell with a gap is never OK."""
    begin = NOW - period.length
    intervals = intervals_of(spans_of(past), begin, NOW)
    drawing = draw(intervals, period, begin, NOW)
    places = [(float(bar.left[:-1]), float(bar.width[:-1])) for bar in drawing.bars]

    assert places[0][0] == 0
    assert sum(width for _, width in places) == pytest.approx(100, abs=0.1)
    for bar in drawing.bars:
        inside = [one for one in intervals if one.begin < bar.end and one.end > bar.begin]
        assert SHOWN_FIRST.index(bar.status) <= min(SHOWN_FIRST.index(one.status) for one in inside)
        if bar.status == Status.OK:
            assert {one.status for one in inside} == {Status.OK}


@pytest.mark.parametrize(
    ("part", "said"),
    [(0, "0 %"), (1, "100 %"), (0.99999, "99.99 %"), (0.0000001, "0.01 %"), (0.9876, "98.8 %"), (0.9949, "99.49 %")],
)
def test_a_share_is_never_rounded_to_none_or_all(part: float, said: str) -> None:
    assert share(part) == said


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=4))
def test_the_shares_of_a_whole_add_up_to_it_and_none_is_lost(lengths: list[int]) -> None:
    said = shares([length / sum(lengths) for length in lengths])
    units = [round(float(one.removesuffix(" %")) * 100) for one in said]

    assert sum(units) == 100 * 100
    assert min(units) > 0
    for unit, length in zip(units, lengths, strict=True):
        assert abs(unit - 100 * 100 * length / sum(lengths)) < 10


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([1], ["100 %"]),
        ([0.5, 0.5], ["50.0 %", "50.0 %"]),
        ([1 / 3, 1 / 3, 1 / 3], ["33.4 %", "33.3 %", "33.3 %"]),
        ([0.0004, 0.0006, 0.999], ["0.04 %", "0.06 %", "99.90 %"]),
        ([1e-9, 1e-9, 1 - 2e-9], ["0.01 %", "0.01 %", "99.98 %"]),
    ],
)
def test_what_is_cut_off_goes_to_whoever_lost_most(parts: list[float], said: list[str]) -> None:
    assert shares(parts) == said
