"""Where a subject's past begins: before its creation nothing was unchecked."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from configurator.audit.choices import Action
from configurator.audit.models import AuditEvent
from tokenchecks.history.intervals import Interval, intervals_of
from tokenchecks.models import Span

SOON = timedelta(minutes=1)


def created_at(kind: str, pks: Collection[uuid.UUID]) -> dict[uuid.UUID, datetime]:
    """Return when each subject was created, in one query; without those whose creation the audit log does not have."""
    events = AuditEvent.objects.filter(kind=kind, object_id__in=[str(pk) for pk in pks], action=Action.CREATED)
    return {uuid.UUID(object_id): at for object_id, at in events.order_by().values_list("object_id", "at")}


def intervals_since(
    created: datetime | None, spans: Sequence[Span], begin: datetime, end: datetime, *, watched: bool
) -> list[Interval]:
    """Return the intervals from ``begin``, or from the creation or the first span where that is later.

    The wait for a first check that came at once is no gap: a drawing would show it as long as a cell.
    """
    known = [moment for moment in (created, spans[0].since if spans else None) if moment]
    born = min(known, default=begin)
    found = intervals_of(spans, max(born, begin), end, watched=watched)
    if born <= begin or len(found) == 1 or not found or found[0].span or found[0].lasted >= SOON:
        return found
    return [Interval(found[0].begin, found[1].end, found[1].span), *found[2:]]
