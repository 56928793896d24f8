"""Deletes old events for good, once their export is proven.

The rest still verifies: the event that records it names the last deleted event and its hash, which the first remaining
one follows. The objects' states after the deleted events are kept, so that the past can be shown from there on.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.db import transaction

from configurator.audit import proof
from configurator.audit.chain import Head
from configurator.audit.choices import Action, Kind
from configurator.audit.models import AuditEvent, Baseline, StateEvent
from configurator.audit.services import Actor, lock, record
from configurator.audit.states import State, fold
from configurator.db.bulk_insert import insert_all
from configurator.db.triggers import trigger_disabled

TABLES = (AuditEvent._meta.db_table, Baseline._meta.db_table)
CHUNK = 1000


class NotNow(Exception):
    """Nothing was deleted; the message says why."""


@dataclass(frozen=True)
class Plan:
    """The event before the first one there is, and the last one to delete, with its time."""

    follows: Head
    last: Head
    until: datetime

    @property
    def count(self) -> int:
        return self.last.seq - self.follows.seq


def planned(before: datetime) -> Plan:
    """Return which events are older than the moment; NotNow where none is."""
    first = AuditEvent.objects.order_by("seq").first()
    last = AuditEvent.objects.filter(at__lt=before).order_by("-at", "-seq").first()
    if first is None or last is None:
        raise NotNow("No event is that old.")
    return Plan(Head(first.seq - 1, first.previous_hash), Head(last.seq, last.hash), last.at)


def retire(*, actor: Actor, plan: Plan, export: Path) -> AuditEvent:
    """Delete the events of the plan and record that; NotNow unless the export proves all of them."""
    try:
        proven = proof.verify(proof.lines_of(export), [str(plan.follows), str(plan.last)])
    except (proof.Refused, OSError) as error:
        raise NotNow(f"{export} does not prove the events up to {plan.last.seq}: {error}") from error
    old = StateEvent.objects.states().up_to(plan.last.seq).order_by("seq").iterator(chunk_size=CHUNK)
    kept = [_baseline(state) for state in fold(old).values() if not state.gone]
    with transaction.atomic():
        lock()
        if not AuditEvent.objects.filter(seq=plan.follows.seq + 1).exists():
            raise NotNow("Somebody else took events away meanwhile.")
        return _replace(actor, plan, kept, proven.sha256)


def _replace(actor: Actor, plan: Plan, kept: list[Baseline], sha256: str) -> AuditEvent:
    """Do it in the caller's transaction, in which alone the triggers are off; nobody else can write meanwhile."""
    with trigger_disabled("audit_append_only", TABLES):
        Baseline.objects.all().delete()
        insert_all(kept)
        after = {
            "last": plan.last.seq,
            "hash": plan.last.hash,
            "until": plan.until.astimezone(UTC).isoformat(),
            "events": plan.count,
            "sha256": sha256,
            "states": states_digest(),
        }
        event = record(
            actor=actor,
            action=Action.RETIRED,
            kind=Kind.TRAIL,
            object_id="",
            object_name=f"Events up to {plan.last.seq}",
            before={},
            after=after,
        )
        # Only now, since the new event follows the last one, which may be deleted too.
        AuditEvent.objects.filter(seq__lte=plan.last.seq).delete()
    return event


def states_digest() -> str:
    """Return the SHA-256 of the kept states, which the recorded event has."""
    seen = hashlib.sha256()
    for row in Baseline.objects.order_by("seq").iterator(chunk_size=CHUNK):
        values = [
            row.seq,
            row.at.astimezone(UTC).isoformat(),
            row.actor_name,
            row.kind,
            row.object_id,
            row.object_name,
        ]
        seen.update(json.dumps([*values, row.after], sort_keys=True).encode() + b"\n")
    return seen.hexdigest()


def _baseline(state: State) -> Baseline:
    return Baseline(
        seq=state.seq,
        at=state.at,
        actor_id="",
        actor_name=state.by,
        action=Action.CREATED,
        kind=state.kind,
        object_id=state.object_id,
        object_name=state.name,
        before={},
        after=state.values,
    )
