"""The status of a subject before and after an edit."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.timesince import timesince

from configurator.accounts.scope import WHOLE, Scope
from configurator.audit.models import AuditEvent
from configurator.status import Status
from queues.models import QueueAddress
from tokenchecks.engine.explain.explanation import explain_cause
from tokenchecks.history.changed import ACTIONS
from tokenchecks.history.edits import MOST, Edit
from tokenchecks.models import Kind, Span
from tokenchecks.subjects.stored_rows import ENGINE_KIND

SOON = timedelta(minutes=1)
# What breaks later than that after an edit of its server is hardly caused by it.
AT_ONCE = timedelta(hours=1)


@dataclass(frozen=True)
class State:
    """A status, and in words when it was found and its cause."""

    status: Status
    said: str


@dataclass(frozen=True)
class Around:
    """The statuses on both sides of an edit; ``gone_bad`` says how many addresses of a server broke soon after."""

    before: State | None
    after: State | None
    gone_bad: str = ""

    @property
    def sides(self) -> tuple[tuple[str, State | None], ...]:
        return ("Before", self.before), ("After", self.after)


def around(event: AuditEvent, scope: Scope = WHOLE) -> Around:
    """Return the statuses before and after the event, in at most three queries."""
    at = event.at
    spans = Span.objects.filter(kind=event.kind, subject_id=event.object_id)
    parts = [
        spans.filter(since__isnull=True).order_by("since")[:1],
        spans.filter(since__lte=at).order_by("-since")[:1],
        spans.filter(since__gt=at).order_by("since")[:1],
    ]
    found = sorted(parts[0].union(*parts[1:], all=True), key=lambda span: span.since or span.until)
    earlier = [span for span in found if span.since is None or span.since <= at]
    later = [span for span in found if span.since and span.since > at]
    last = earlier[-1] if earlier else None
    return Around(
        before=_state(last, f"{lapse(last.until, at)} before" if last.until < at else "until then") if last else None,
        after=_after(last, later[0] if later else None, at),
        gone_bad=_gone_bad(event, scope) if event.kind == Kind.INCOMING else "",
    )


def _after(last: Span | None, following: Span | None, at: datetime) -> State | None:
    """Return the status first found after the moment: the same again, or another."""
    if last and last.until > at:
        if following is None:
            return _state(last, "and stayed so")
        return _state(following, f"{lapse(at, following.since)} after")
    return _state(following, f"{lapse(at, following.since)} after") if following else None


def _state(span: Span, when: str) -> State:
    cause = explain_cause(span.cause, ENGINE_KIND[span.kind]).title if span.cause else ""
    return State(Status(span.status), f"{when}: {cause}" if cause else when)


def _gone_bad(event: AuditEvent, scope: Scope) -> str:
    """Return in words how many of the server's addresses broke soon after, before the server's next edit."""
    following = _next_edit(event)
    boxes = QueueAddress.objects.visible_to(scope).filter(server=uuid.UUID(event.object_id)).order_by().values("pk")
    red = Span.objects.filter(kind=Kind.ADDRESS, subject_id__in=boxes, status=Status.BROKEN)
    red = red.filter(since__gt=event.at, since__lte=following or event.at + AT_ONCE)
    # What was broken before, for another cause, does not count.
    fresh = red.alias(earlier=_earlier()).exclude(earlier=Status.BROKEN).order_by()
    count = fresh.values("subject_id").distinct().count()
    when = "before its next edit" if following else "within an hour after"
    return f"{count} of this server’s addresses went red {when}" if count else ""


def _next_edit(event: AuditEvent) -> datetime | None:
    """Return when the object next had an edit that may break it; None where that was long after."""
    later = AuditEvent.objects.of_object(event.kind, event.object_id).filter(seq__gt=event.seq, action__in=ACTIONS)
    found = later.filter(at__lte=event.at + AT_ONCE).order_by("seq")[:MOST]
    return next((edit.at for edit in found if Edit.of(edit, event.kind).may_break), None)


def _earlier() -> Coalesce:
    """Return the status before the span, "" where that is not known."""
    others = Span.objects.filter(kind=OuterRef("kind"), subject_id=OuterRef("subject_id"))
    last = others.filter(since__lt=OuterRef("since")).order_by("-since").values("status")
    return Coalesce(Subquery(last[:1]), Value(""))


def lapse(begin: datetime, end: datetime | None) -> str:
    return "less than a minute" if end is None or end - begin < SOON else timesince(begin, end, depth=1)
