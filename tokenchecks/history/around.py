"""How a subject stood before an edit and after it."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.timesince import timesince

from configurator.accounts.scope import WHOLE, Scope
from configurator.console.status import Status
from queues.models import QueueAddress
from tokenchecks.engine.explain import explain_cause
from tokenchecks.models import Kind, Span
from tokenchecks.subjects import ENGINE_KIND

SOON = timedelta(minutes=1)
# What goes red later than that after an edit of its server is hardly for that edit.
AT_ONCE = timedelta(hours=1)


@dataclass(frozen=True)
class State:
    """A state, and in words when it was found and why it is so."""

    status: Status
    said: str


@dataclass(frozen=True)
class Around:
    """The states on both sides of an edit; ``gone_bad`` is how many addresses of a server went red within an hour."""

    before: State | None
    after: State | None
    gone_bad: int = 0

    @property
    def sides(self) -> tuple[tuple[str, State | None], ...]:
        """Both under their labels."""
        return ("Before", self.before), ("After", self.after)


def around(kind: str, subject_id: uuid.UUID, at: datetime, scope: Scope = WHOLE) -> Around:
    """Return how the subject stood around the moment, in at most two queries."""
    spans = Span.objects.filter(kind=kind, subject_id=subject_id)
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
        gone_bad=_gone_bad(subject_id, at, scope) if kind == Kind.INCOMING else 0,
    )


def _after(last: Span | None, following: Span | None, at: datetime) -> State | None:
    """Return what was found first after the moment: the same state again, or another."""
    if last and last.until > at:
        if following is None:
            return _state(last, "and stayed so")
        return _state(following, f"{lapse(at, following.since)} after")
    return _state(following, f"{lapse(at, following.since)} after") if following else None


def _state(span: Span, when: str) -> State:
    cause = explain_cause(span.cause, ENGINE_KIND[span.kind]).title if span.cause else ""
    return State(Status(span.status), f"{when}: {cause}" if cause else when)


def _gone_bad(server: uuid.UUID, at: datetime, scope: Scope) -> int:
    """Return how many of the server's addresses within the scope went red soon after the moment."""
    boxes = QueueAddress.objects.visible_to(scope).filter(server=server).order_by().values("pk")
    red = Span.objects.filter(kind=Kind.ADDRESS, subject_id__in=boxes, status=Status.BROKEN)
    return red.filter(since__gt=at, since__lte=at + AT_ONCE).order_by().values("subject_id").distinct().count()


def lapse(begin: datetime, end: datetime | None) -> str:
    """Return the time between the two in words."""
    return "less than a minute" if end is None or end - begin < SOON else timesince(begin, end, depth=1)
