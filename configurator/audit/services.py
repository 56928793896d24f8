"""The one way to write to the trail: event by event, or many of one act together."""

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
# Events of many acts that are stored together.
TOGETHER = 500

# Each is called with new events, inside their transaction: what it writes stands or falls with the change.
listeners: list[Callable[[Sequence[AuditEvent]], None]] = []
# Each is told of a part of many events before they are recorded, in their transaction, with the id of the whole.
many_listeners: list[Callable[[Sequence[AuditEvent], uuid.UUID], None]] = []

_gathering: ContextVar[list[AuditEvent] | None] = ContextVar("gathering", default=None)


class Actor(Protocol):
    """Who acts: a signed-in user or a program."""

    @property
    def id(self) -> str:
        """What tells this actor from every other."""

    @property
    def name(self) -> str:
        """The name as people know it."""

    @property
    def request_id(self) -> str:
        """The request or run that the act belongs to, as the logs name it."""


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
    """Return an event that follows no other yet."""
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
    """Add an event to the trail, in the transaction of the change that it tells of.

    Outside a transaction it raises TransactionManagementError. It holds the chain's lock until the commit, so
    call it last; when it fails, let the change fail with it.
    """
    event = event_of(
        actor, action=action, kind=kind, object_id=object_id, object_name=object_name, before=before, after=after
    )
    record_all([event])
    return event


def record_all(events: Sequence[AuditEvent]) -> None:
    """Do as record() does, with the events of many objects at once."""
    _in_transaction()
    gathering = _gathering.get()
    if gathering is not None:
        gathering += events
        return
    _append(events)
    _tell(events)


def record_told(events: Iterable[AuditEvent]) -> None:
    """Add the events some hundred at a time; whoever listens was told by tell_many()."""
    _in_transaction()
    left = iter(events)
    while some := list(islice(left, TOGETHER)):
        _append(some)


def _in_transaction() -> None:
    """Raise TransactionManagementError outside a transaction."""
    if not connection.in_atomic_block:
        raise TransactionManagementError("An audit event is written in the transaction of its change.")


@contextmanager
def collected() -> Iterator[list[AuditEvent]]:
    """Keep what is recorded inside off the trail and tell nobody, for whoever does both by itself."""
    events: list[AuditEvent] = []
    token = _gathering.set(events)
    try:
        yield events
    finally:
        _gathering.reset(token)


@contextmanager
def gathered() -> Iterator[list[AuditEvent]]:
    """Add what is recorded inside to the trail at the end, in one go, so that the chain is locked for a moment only.

    Listeners hear of it just before that. Whoever takes back a part of the transaction takes its events off the
    list as well.
    """
    with collected() as events:
        yield events
        told = 0
        while new := events[told:]:
            told = len(events)
            _tell(new)
    _append(events)


def _tell(events: Sequence[AuditEvent]) -> None:
    """Call the listeners."""
    for listener in listeners:
        listener(events)


def tell_many(events: Sequence[AuditEvent], *, about: uuid.UUID) -> None:
    """Tell whoever listens of a part of the whole with that id, before it is recorded."""
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
    """Wait until no other transaction is adding to the trail, and let none add until this one ends.

    Only for a transaction that will lock rows which others may want after their own record().
    """
    advisory_lock(LOCK)


@transaction.atomic
def trail_taken(*, actor: Actor, name: str, proven: Proven) -> AuditEvent:
    """Record that a period of the trail was taken away, and what its file holds."""
    after = {"first": proven.first, "last": proven.last, "hash": proven.last_hash, "sha256": proven.sha256}
    return record(
        actor=actor, action=Action.EXPORTED, kind=Kind.TRAIL, object_id="", object_name=name, before={}, after=after
    )
