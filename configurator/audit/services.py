"""The one way to write to the trail: event by event, or many of one act together."""

import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Protocol

from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from configurator.audit.chain import Head
from configurator.audit.choices import Action, Kind
from configurator.audit.models import AuditEvent
from configurator.audit.proof import Proven
from configurator.audit.snapshots import plain

# One lock for the whole chain: "audit" in ASCII.
LOCK = 0x6175646974
# Events of many acts that are stored together.
TOGETHER = 500

# Each is called with every new event, inside its transaction: what it writes stands or falls with the change.
listeners: list[Callable[[AuditEvent], None]] = []
# What a listener would rather be called with where many events are gathered.
at_once: dict[Callable[[AuditEvent], None], Callable[[Sequence[AuditEvent]], None]] = {}

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


@dataclass(frozen=True, slots=True)
class Act:
    """One of many acts of one actor, as record() takes it."""

    action: str
    kind: str
    object_id: str
    object_name: str
    before: Mapping[str, object]
    after: Mapping[str, object]


# Each is told of many acts at once, inside their transaction: what it writes stands or falls with them.  The id is
# that of the whole, of which a listener may hear in several parts.
many_listeners: list[Callable[[Actor, Sequence[Act], uuid.UUID], None]] = []


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
    if not connection.in_atomic_block:
        raise TransactionManagementError("An audit event is written in the transaction of its change.")
    event = _event(
        actor,
        action=str(action),
        kind=str(kind),
        object_id=str(object_id),
        object_name=object_name,
        before=None if before is None else plain(before),
        after=None if after is None else plain(after),
    )
    gathering = _gathering.get()
    if gathering is not None:
        gathering.append(event)
        return event
    _append([event])
    for listener in listeners:
        listener(event)
    return event


@contextmanager
def gathered() -> Iterator[list[AuditEvent]]:
    """Add what is recorded inside to the trail at the end, in one go, so that the chain is locked for a moment only.

    Listeners hear of it just before that. Whoever takes back a part of the transaction takes its events off the
    list as well.
    """
    events: list[AuditEvent] = []
    token = _gathering.set(events)
    try:
        yield events
        told = 0
        while new := events[told:]:
            told = len(events)
            _tell(new)
    finally:
        _gathering.reset(token)
    _append(events)


def _tell(events: Sequence[AuditEvent]) -> None:
    """Call the listeners with many events."""
    for listener in listeners:
        if listener in at_once:
            at_once[listener](events)
        else:
            for event in events:
                listener(event)


def tell_many(*, actor: Actor, acts: Sequence[Act], about: uuid.UUID) -> None:
    """Tell whoever listens of many acts, in their transaction and before they are recorded."""
    for listener in many_listeners:
        listener(actor, acts, about)


def record_many(*, actor: Actor, acts: Iterable[Act]) -> int:
    """Add an event for each act, some hundred at a time, and return how many; nobody is told: see tell_many().

    Like record() it belongs into the transaction of the changes, and at its end, since it holds the chain's lock.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("An audit event is written in the transaction of its change.")
    left, recorded = iter(acts), 0
    while some := list(islice(left, TOGETHER)):
        _append(
            [
                _event(
                    actor,
                    action=act.action,
                    kind=act.kind,
                    object_id=act.object_id,
                    object_name=act.object_name,
                    before=plain(act.before),
                    after=plain(act.after),
                )
                for act in some
            ]
        )
        recorded += len(some)
    return recorded


def _event(actor: Actor, **said: object) -> AuditEvent:
    """Return an event of the actor that follows no other yet."""
    return AuditEvent(actor_id=str(actor.id), actor_name=actor.name, request_id=actor.request_id, **said)


def _append(events: Sequence[AuditEvent]) -> None:
    """Add the events to the chain, one after the other at the same moment."""
    if not events:
        return
    lock()
    last, at = AuditEvent.objects.head(), _now()
    for event in events:
        event.seq, event.at, event.previous_hash = last.seq + 1, at, last.hash
        event.hash = event.computed_hash()
        last = Head(event.seq, event.hash)
    _insert(events)


def _insert(events: Sequence[AuditEvent]) -> None:
    """Store the events in one statement with one value, which is much faster to make than one value a column."""
    columns = {field.column: field for field in AuditEvent._meta.concrete_fields}
    rows = [{name: getattr(event, field.attname) for name, field in columns.items()} for event in events]
    named = ", ".join(f'"{name}"' for name in columns)
    typed = ", ".join(f'"{name}" {field.db_type(connection)}' for name, field in columns.items())
    table = AuditEvent._meta.db_table
    insert = f"INSERT INTO {table} ({named}) SELECT {named} FROM jsonb_to_recordset(%s) AS event({typed})"  # noqa: S608  our own names
    with connection.cursor() as cursor:
        cursor.execute(insert, [json.dumps(rows, default=plain)])


def lock() -> None:
    """Wait until no other transaction is adding to the trail, and let none add until this one ends.

    Only for a transaction that will lock rows which others may want after their own record().
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _now() -> datetime:
    """Return the database's time, since servers' clocks differ."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        at: datetime = cursor.fetchone()[0]
    return at.astimezone(UTC)


@transaction.atomic
def trail_taken(*, actor: Actor, name: str, proven: Proven) -> AuditEvent:
    """Record that a period of the trail was taken away, and what its file holds."""
    after = {"first": proven.first, "last": proven.last, "hash": proven.last_hash, "sha256": proven.sha256}
    return record(
        actor=actor, action=Action.EXPORTED, kind=Kind.TRAIL, object_id="", object_name=name, before={}, after=after
    )
