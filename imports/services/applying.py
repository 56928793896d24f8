"""Applying: all that the dry run found is written in one transaction, or nothing is."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, QuerySet
from django.db.models.functions import Now

from configurator.accounts.actor import Actor
from configurator.audit.choices import Action
from configurator.audit.choices import Kind as Of
from configurator.audit.models import AuditEvent
from configurator.audit.services import call_listeners_for_many, event_of, record, record_without_listeners
from configurator.console.records.record import StaleVersion
from configurator.jobs.lease import Heartbeat, close, heartbeat
from imports.kinds import KINDS, Differs, Kind, kinds_of
from imports.models import WRITTEN, Import, ImportRow, Outcome, State
from imports.services.dry_run import actor_of, parts_of

AT_ONCE = 500
OF_THE_EVENT = ("object_id", "object_name", "before", "after")
AGAIN = "Nothing was applied. Run the dry run again to see what the file would do now."
WHY: Final[dict[type[Exception], str]] = {
    ProtectedError: "Something that is to be deleted is in use by now.",
    IntegrityError: "Somebody saved the same meanwhile.",
    PermissionDenied: "You may not do all of this any more.",
    ObjectDoesNotExist: "It was deleted meanwhile.",
}
REFUSALS: Final[tuple[type[Exception], ...]] = (StaleVersion, ValidationError, Differs, *WHY)


def apply(claimed: Import) -> None:
    """Write what the dry run of the claimed import found; where that no longer holds, close it as refused."""
    try:
        with heartbeat(claimed) as beat, transaction.atomic():
            _apply(claimed, beat)
    except REFUSALS as refusal:
        close(claimed, State.REFUSED, ended_at=Now(), said=f"{_why(refusal)} {AGAIN}")


def _apply(claimed: Import, beat: Heartbeat) -> None:
    """Write all of it; the audit events come last, since they make other writers wait."""
    actor = actor_of(claimed)
    if claimed.user is None or claimed.kind not in kinds_of(claimed.user):
        raise PermissionDenied
    kind = KINDS[claimed.kind](actor)
    rows = ImportRow.objects.filter(of=claimed, outcome__in=WRITTEN)
    kind.lock(rows)
    lines = {line.number: line for part in parts_of(claimed) for line in part} if kind.records_itself else {}
    done, more = 0, []
    for outcome in WRITTEN:
        # What is saved one by one takes its time, and holds the lease as often.
        for some in _batches(rows.filter(outcome=outcome), 1 if kind.records_itself else AT_ONCE):
            events = kind.apply(outcome, some, lines)
            call_listeners_for_many(events, about=claimed.pk)
            more += [] if kind.records_itself else _agree(some, events)
            done += len(some)
            beat(done)
    beat.renew()  # the lock of the audit trail may have to be waited for
    record_without_listeners(() if kind.records_itself else _events(kind, rows, more, beat))
    _record_import(actor, claimed, done)
    claimed.parts.all().delete()
    claimed.pieces.all().delete()
    close(claimed, State.APPLIED, said="", ended_at=Now())


def _batches(rows: "QuerySet[ImportRow]", size: int) -> Iterator[list[ImportRow]]:
    left = rows.order_by("number").iterator(chunk_size=AT_ONCE)
    while some := list(islice(left, size)):
        yield some


def _agree(rows: list[ImportRow], events: list[AuditEvent]) -> list[AuditEvent]:
    """Return the events that the dry run has no row for; Differs where an event is not what its row said."""
    done = {event.object_id: event for event in events}
    for row in rows:
        event = done.pop(str(row.object_id), None)
        said = (row.before, row.after, row.object_name)
        if event is None or said != (event.before, event.after, event.object_name):
            raise Differs(f"Row {row.number}, {row.object_name}: it would do something else by now.")
    return list(done.values())


def _events(
    kind: Kind[Any], rows: "QuerySet[ImportRow]", more: list[AuditEvent], beat: Heartbeat
) -> Iterator[AuditEvent]:
    """Give what was done as the audit log records it, from the rows that agree with it."""
    yield from more
    for outcome in WRITTEN:
        values = rows.filter(outcome=outcome).order_by("number").values(*OF_THE_EVENT)
        for row in values.iterator(chunk_size=AT_ONCE):
            beat(beat.done)
            yield event_of(kind.actor, action=outcome, kind=kind.key, **row)


def _record_import(actor: Actor, claimed: Import, done: int) -> None:
    """Record that the file was imported, after the events of its objects."""
    counts = {outcome.value: claimed.counts.get(outcome, 0) for outcome in Outcome}
    record(
        actor=actor,
        action=Action.IMPORTED,
        kind=Of.IMPORT,
        object_id=claimed.pk,
        object_name=str(claimed),
        after={"kind": KINDS[claimed.kind].label, "rows": done, **counts},
    )


def _why(refusal: Exception) -> str:
    """Say what is not as the dry run found it."""
    if isinstance(refusal, StaleVersion):
        return f"{refusal.stored} was changed after the dry run."
    if isinstance(refusal, ValidationError):
        return " ".join(refusal.messages)
    return next((why for of, why in WHY.items() if isinstance(refusal, of)), str(refusal))
