"""A save queues a check of what it touches, in the transaction of the save."""

import uuid
from collections.abc import Iterable, Sequence

from configurator.audit.choices import Action
from configurator.audit.models import AuditEvent
from configurator.db.commit import after_commit
from tokenchecks.history.changed import UNSENT
from tokenchecks.models import Kind
from tokenchecks.services.queue import checks_queue, forget_many, watch
from tokenchecks.services.rounds import round_extend
from tokenchecks.subjects.targets import Target, targets_of_many


def records_changed(events: Sequence[AuditEvent]) -> None:
    """Queue checks for saved servers and addresses; drop those that wait for deleted or disabled ones."""
    queues = [event for event in events if event.kind == "queue" and event.action == Action.CHANGED]
    if queues:
        watch(_targets("queue", queues))
    for kind in Kind.values:
        of_kind = [event for event in events if event.kind == kind and event.action != Action.TEST_MAIL]
        if of_kind:
            _changed(kind, of_kind)


def _changed(kind: str, events: Sequence[AuditEvent]) -> None:
    deleted = {event.object_id for event in events if event.action == Action.DELETED}
    targets = _targets(kind, (event for event in events if event.object_id not in deleted))
    there = {str(target.subject_id) for target in targets if target.kind == kind}
    gone = {event.object_id for event in events} - there
    if gone:
        forget_many(kind, [uuid.UUID(pk) for pk in sorted(gone)])
    sent = [event for event in events if event.object_id in there and _is_sent(event)]
    if len(sent) < len(there):
        targets = _targets(kind, sent)
    if targets:
        checks_queue(targets=targets, requested_by=events[0].actor_name)


def _is_sent(event: AuditEvent) -> bool:
    """Return whether a field changed that is sent to Microsoft."""
    return event.action == Action.CREATED or not (event.after or {}).keys() <= UNSENT


def _targets(kind: str, events: Iterable[AuditEvent]) -> list[Target]:
    return targets_of_many(kind, {uuid.UUID(event.object_id) for event in events})


def many_changed(events: Sequence[AuditEvent], about: uuid.UUID) -> None:
    """Queue checks for many saved addresses as one round, drop those of deleted ones, and update the watches of queues.

    The round has the id of the operation that the events are a part of. It is queued after the commit, so that nobody
    waits for it; what a lost worker leaves out is still watched, and checked when it is due.
    """
    of: dict[tuple[str, bool], list[uuid.UUID]] = {}
    for event in events:
        of.setdefault((event.kind, event.action == Action.DELETED), []).append(uuid.UUID(event.object_id))
    if gone := of.get((Kind.ADDRESS, True)):
        forget_many(Kind.ADDRESS, gone)
    if changed := of.get(("queue", False)):
        watch(targets_of_many("queue", changed))
    if saved := of.get((Kind.ADDRESS, False)):
        after_commit(_queue_part, about, events[0].actor_name, saved)


def _queue_part(about: uuid.UUID, requested_by: str, saved: Sequence[uuid.UUID]) -> None:
    round_extend(pk=about, requested_by=requested_by, targets=targets_of_many(Kind.ADDRESS, saved))
