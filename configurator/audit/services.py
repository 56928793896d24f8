"""The one way to write to the trail."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Protocol

from django.db import connection
from django.db.transaction import TransactionManagementError

from configurator.audit.models import AuditEvent
from configurator.audit.snapshots import plain

# One lock for the whole chain: "audit" in ASCII.
LOCK = 0x6175646974

# Each is called with every new event, inside its transaction: what it writes stands or falls with the change.
listeners: list[Callable[[AuditEvent], None]] = []


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
    lock()
    last = AuditEvent.objects.head()
    event = AuditEvent(
        seq=last.seq + 1,
        at=_now(),
        actor_id=str(actor.id),
        actor_name=actor.name,
        action=str(action),
        kind=str(kind),
        object_id=str(object_id),
        object_name=object_name,
        before=None if before is None else plain(before),
        after=None if after is None else plain(after),
        request_id=actor.request_id,
        previous_hash=last.hash,
    )
    event.hash = event.computed_hash()
    event.save(force_insert=True)
    for listener in listeners:
        listener(event)
    return event


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
