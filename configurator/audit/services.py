"""The one way to write to the audit log: event by event, or many of one operation together."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC
from itertools import islice
from typing import Protocol

from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from configurator.audit.chain import Head
from configurator.audit.choices import Action, Kind
from configurator.audit.models import AuditEvent
from configurator.audit.proof import Proven
from configurator.audit.snapshots import plain
from configurator.db.bulk_insert import insert_all
from configurator.db.locks import advisory_lock
from configurator.db.server import clock_time

# One lock for the whole chain: "audit" in ASCII.
LOCK = 0x6175646974
# Events of many operations that are stored together.
TOGETHER = 500

# Each is called with new events, inside their transaction: what it writes is committed with the change, or not at all.
listeners: list[Callable[[Sequence[AuditEvent]], None]] = []
# Each is called with a part of many events before they are recorded, in their transaction, with the ID of the
# operation.
many_listeners: list[Callable[[Sequence[AuditEvent], uuid.UUID], None]] = []

_gathering: ContextVar[list[AuditEvent] | None] = ContextVar("gathering", default=None)


class Actor(Protocol):
    """Who acts: a signed-in user or a program."""

    @property
    def id(self) -> str:
        """A unique ID of the actor."""

    @property
    def name(self) -> str:
        """The name as people know it."""

    @property
    def request_id(self) -> str:
        """The ID of the request or run, as in the logs."""


def event_of(
    actor: Actor,
    *,
    action: str,
    kind: str,
    object_id: object,
    object_name: str,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> AuditEvent:
    """Return an event that is not chained yet."""
    return AuditEvent(
        actor_id=str(actor.id),
        actor_name=actor.name,
        request_id=actor.request_id,
        action=str(action),
        kind=str(kind),
        object_id=str(object_id),
        object_name=object_name,
        before=None if before is None else plain(before),
        after=None if after is None else plain(after),
    )


def record(
    *,
    actor: Actor,
    action: str,
    kind: str,
    object_id: object,
    object_name: str,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> AuditEvent:
    """Add an event to the audit log, in the transaction of its change.

    Raises TransactionManagementError outside a transaction. It holds the chain's lock until the commit, so call it
    last; when it fails, let the change fail with it.
    """
    event = event_of(
        actor, action=action, kind=kind, object_id=object_id, object_name=object_name, before=before, after=after
    )
    record_all([event])
    return event


def record_all(events: Sequence[AuditEvent]) -> None:
    """Record the events of many objects at once."""
    _in_transaction()
    gathering = _gathering.get()
    if gathering is not None:
        gathering += events
        return
    _append(events)
    _call_listeners(events)


def record_without_listeners(events: Iterable[AuditEvent]) -> None:
    """Add the events some hundred at a time; listeners were called by call_listeners_for_many()."""
    _in_transaction()
    left = iter(events)
    while some := list(islice(left, TOGETHER)):
        _append(some)


def _in_transaction() -> None:
    if not connection.in_atomic_block:
        raise TransactionManagementError("An audit event is written in the transaction of its change.")


@contextmanager
def collected() -> Iterator[list[AuditEvent]]:
    """Collect what is recorded inside without storing it or calling listeners, for a caller that does both itself."""
    events: list[AuditEvent] = []
    token = _gathering.set(events)
    try:
        yield events
    finally:
        _gathering.reset(token)


@contextmanager
def gathered() -> Iterator[list[AuditEvent]]:
    """Store what is recorded inside at the end, at once, so that the chain is locked only briefly.

    Listeners are called just before that. A caller that rolls back a part of the transaction removes its events from
    the list.
    """
    with collected() as events:
        yield events
        announced = 0
        while new := events[announced:]:
            announced = len(events)
            _call_listeners(new)
    _append(events)


def _call_listeners(events: Sequence[AuditEvent]) -> None:
    for listener in listeners:
        listener(events)


def call_listeners_for_many(events: Sequence[AuditEvent], *, about: uuid.UUID) -> None:
    """Call the listeners for a part of the operation with that ID, before it is recorded."""
    for listener in many_listeners:
        listener(events, about)


def _append(events: Sequence[AuditEvent]) -> None:
    """Add the events to the chain, one after the other at the same moment."""
    if not events:
        return
    lock()
    last, at = AuditEvent.objects.head(), clock_time().astimezone(UTC)
    for event in events:
        event.seq, event.at, event.previous_hash = last.seq + 1, at, last.hash
        event.hash = event.computed_hash()
        last = Head(event.seq, event.hash)
    insert_all(events)


def lock() -> None:
    """Take the chain's lock until the transaction ends.

    Only for a transaction that will lock rows which others may want after their own record().
    """
    advisory_lock(LOCK)


@transaction.atomic
def trail_taken(*, actor: Actor, name: str, proven: Proven) -> AuditEvent:
    """Record that a period of the log was exported, and what its file contains."""
    after = {"first": proven.first, "last": proven.last, "hash": proven.last_hash, "sha256": proven.sha256}
    return record(
        actor=actor, action=Action.EXPORTED, kind=Kind.TRAIL, object_id="", object_name=name, before={}, after=after
    )
