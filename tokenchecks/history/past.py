"""What a page shows of a subject's past, in few queries."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from configurator.accounts.models import User
from configurator.status import Status
from tokenchecks.engine.explain.explanation import explain_cause
from tokenchecks.history.edits import Edit, cause_of, edit_before, edits_of
from tokenchecks.history.intervals import Interval, Uptime, changes_in, uptime_of, within
from tokenchecks.history.periods import MONTH, WEEK, Period
from tokenchecks.history.start import created_at, intervals_since
from tokenchecks.history.timeline import Drawing, draw
from tokenchecks.models import Kind, Span, Watch
from tokenchecks.subjects.stored_rows import ENGINE_KIND, VIEW_RIGHT

# A result holds at most so long: a span that ended before reaches no further.
HOLDS = timedelta(days=2)
SHOWN = 200
# Two moments nearer to each other than that are shown as one.
SOON = timedelta(minutes=1)


@dataclass(frozen=True)
class Row:
    """An interval as a row of the table; ``edit`` is the edit after which it broke."""

    interval: Interval
    cause: str = ""
    code: str = ""
    edit: str = ""

    @property
    def since(self) -> datetime:
        """When it began, which may be before the period shown."""
        return (self.interval.span.since if self.interval.span else None) or self.interval.begin

    @property
    def samples(self) -> int | None:
        """The number of its checks."""
        return self.interval.span.samples if self.interval.span else None


@dataclass(frozen=True)
class Trouble:
    """After which edit the current trouble began: ``4 minutes after an edit by …``, and its page.

    Both are "" where none fits. ``cause_since`` is since when the cause holds, None where the status is no older.
    """

    edit: str = ""
    url: str = ""
    cause_since: datetime | None = None

    @classmethod
    def of(cls, row: Any, watch: Watch, edits: Iterable[Edit], otherwise: datetime | None) -> "Trouble":
        """Return the trouble of the stored subject; ``otherwise`` is when a check last found another cause, or none."""
        has_newer_cause = watch.since and row.status_since and watch.since - row.status_since >= SOON
        cause_since, found = watch.since if has_newer_cause else None, edit_before(watch, edits, otherwise)
        if found and watch.since:
            return cls(found.before(watch.since), found.url, cause_since)
        return cls(cause_since=cause_since)


@dataclass(frozen=True)
class Past:
    """The past of one subject over a period, and its uptime over 30 days."""

    kind: str
    subject_id: uuid.UUID
    period: Period
    watch: Watch | None
    spans: list[Span]
    intervals: list[Interval]
    drawing: Drawing
    uptime: Uptime
    edits: list[Edit] = field(default_factory=list)
    trouble: Trouble = Trouble()

    @property
    def key(self) -> str:
        """A key that is unique on a page."""
        return str(self.subject_id)

    @property
    def edits_shown(self) -> list[Edit]:
        return [mark.edit for mark in reversed(self.drawing.marks)]

    @property
    def rows_left(self) -> int:
        """How many intervals are beyond those listed."""
        return max(len(self.intervals) - SHOWN, 0)

    @property
    def changes(self) -> int:
        return changes_in(self.intervals)

    @property
    def rows(self) -> list[Row]:
        """The intervals as rows, newest first, at most SHOWN."""
        at = {span.pk: number for number, span in enumerate(self.spans)}
        return [self._row(interval, at) for interval in reversed(self.intervals[-SHOWN:])]

    def _row(self, interval: Interval, at: dict[int, int]) -> Row:
        span = interval.span
        if span is None:
            return Row(interval)
        cause = explain_cause(span.cause, ENGINE_KIND[self.kind]).title if span.cause else ""
        red = span.status == Status.BROKEN and span.since
        edit = cause_of(at[span.pk], self.spans, self.edits) if red else None
        return Row(interval, cause, span.code, edit.before(span.since) if edit and span.since else "")


def past_of(kind: str, row: Any, user: User, period: Period = WEEK) -> Past:
    """Return the past of the stored subject, with the edits that the user may see; at most four queries."""
    now = timezone.now()
    watch = Watch.objects.of(kind, row.pk).first()
    reach = now - max(period.length, MONTH.length)
    spans = list(Span.objects.of(kind, row.pk).reaching(reach - HOLDS))
    created = created_at(kind, [row.pk]).get(row.pk)
    whole = intervals_since(created, spans, reach, now, watched=_is_watched(watch))
    begin = now - period.length
    edits = _edits(kind, row, user, _edits_since(watch, spans, begin)) if user.may("audit_log.view") else []
    shown = within(whole, begin)
    return Past(
        kind,
        row.pk,
        period,
        watch,
        spans,
        shown,
        draw(shown, period, begin, now, edits),
        uptime_of(within(whole, now - MONTH.length)),
        edits,
        Trouble.of(row, watch, edits, _otherwise(watch, spans)) if watch else Trouble(),
    )


def trouble_of(kind: str, row: Any, user: User) -> Trouble:
    """Return the trouble of the stored subject, empty where it is OK; at most two queries."""
    if row.status == Status.OK:
        return Trouble()
    others = Span.objects.of(kind, row.pk).exclude(cause=OuterRef("cause"))
    watches = Watch.objects.of(kind, row.pk).annotate(otherwise=Subquery(others.values("until")[:1]))
    watch: Any = watches.first()
    if watch is None:
        return Trouble()
    known = watch.bad_samples and user.may("audit_log.view")
    edits = _edits(kind, row, user, watch.last_good_at) if known else []
    return Trouble.of(row, watch, edits, watch.otherwise)


def strips_of(kind: str, pks: Collection[uuid.UUID]) -> dict[uuid.UUID, Drawing]:
    """Return a week's drawing of each subject, in one query; in two where a subject may be younger than the week."""
    now = timezone.now()
    begin = now - WEEK.length
    spans: dict[uuid.UUID, list[Span]] = {pk: [] for pk in pks}
    recent = Span.objects.filter(kind=kind, subject_id__in=pks, until__gte=begin - HOLDS)
    for span in recent.select_related("watch").order_by("since"):
        spans[span.subject_id].append(span)
    created = created_at(kind, [pk for pk, found in spans.items() if not _reach_back(found, begin)])
    return {pk: draw(_strip(created.get(pk), found, begin, now), WEEK, begin, now) for pk, found in spans.items()}


def _strip(created: datetime | None, spans: Sequence[Span], begin: datetime, end: datetime) -> list[Interval]:
    """Return the intervals of a subject whose last span has its watch."""
    watch = getattr(spans[-1], "watch", None) if spans else None
    return intervals_since(created, spans, begin, end, watched=_is_watched(watch))


def _reach_back(spans: Sequence[Span], begin: datetime) -> bool:
    """Return whether the spans alone show that the subject existed at ``begin``."""
    return bool(spans and spans[0].since and spans[0].since <= begin)


def _otherwise(watch: Watch, spans: Sequence[Span]) -> datetime | None:
    """Return when a check last found another cause, or none."""
    return next((span.until for span in reversed(spans) if span.cause != watch.cause), None)


def _is_watched(watch: Watch | None) -> bool:
    return bool(watch and watch.due_at)


def _edits_since(watch: Watch | None, spans: Sequence[Span], begin: datetime) -> datetime | None:
    """Return from when on edits may explain what the page shows; None for all."""
    good = watch.last_good_at if watch else None
    if good is None:
        return None
    return min(begin, good, spans[0].until if spans else begin)


def _edits(kind: str, row: Any, user: User, since: datetime | None) -> list[Edit]:
    """Return the edits of the subject, and those of its server for users who may view servers."""
    server = row.server_id if kind == Kind.ADDRESS and user.may(VIEW_RIGHT[Kind.INCOMING]) else None
    return edits_of(kind, row.pk, server, since)
