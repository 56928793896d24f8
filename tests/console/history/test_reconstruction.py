"""What the events alone give back is what was stored: over random histories, at random instants.

``make history`` runs it with 2,000 edits.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from configurator.audit.models import AuditEvent, StateEvent
from configurator.audit.snapshots import plain, snapshot
from configurator.audit.states import Key, State, boxes_at, number_at, state_at, states_at
from mailsettings.models import IncomingServer, OutgoingServer
from queues.models import Queue, QueueAddress
from tests.console.edits import Editor

EDITS = int(os.environ.get("HISTORY_EDITS", "100"))
HISTORIES = int(os.environ.get("HISTORY_TIMES", "2"))
MOST_INSTANTS = 100
MODELS: tuple[Any, ...] = (IncomingServer, OutgoingServer, Queue, QueueAddress)
KINDS = [model.audit_kind for model in MODELS]
Truth = dict[Key, tuple[str, dict[str, Any]]]


@dataclass(frozen=True)
class Moment:
    """What was stored at an instant."""

    at: datetime
    seq: int
    truth: Truth


def stored() -> Truth:
    """Return the name and the values of each stored object."""
    rows = [row for model in MODELS for row in model.objects.all()]
    return {(row.audit_kind, str(row.pk)): (str(row), present(plain(snapshot(row, row.audit_fields)))) for row in rows}


def told(states: Mapping[Key, State]) -> Truth:
    """Return the same of the objects that were put together from events."""
    return {key: (state.name, present(state.values)) for key, state in states.items() if not state.gone}


def present(values: Any) -> dict[str, Any]:
    """Return what stands in the fields, blanks left out."""
    return {name: value for name, value in values.items() if value is not None}


def database_now() -> datetime:
    """Return the time as the trail takes it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now


@pytest.mark.django_db
@settings(max_examples=HISTORIES, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32))
def test_the_events_alone_give_back_what_was_stored(seed: int) -> None:
    random = Random(seed)  # noqa: S311  a history, no secret
    with transaction.atomic():
        editor, moments = Editor(random), []
        asked = set(random.sample(range(EDITS), min(EDITS, MOST_INSTANTS)))
        for number in range(EDITS):
            editor.edit()
            if number in asked:
                moments.append(Moment(database_now(), AuditEvent.objects.head().seq, stored()))
        for moment in moments:
            compare(moment, random)
        transaction.set_rollback(True)


def compare(moment: Moment, random: Random) -> None:
    """Compare the whole configuration, one object and one queue."""
    events = StateEvent.objects.filter(kind__in=KINDS)
    [whole] = states_at(events, moment.seq)
    assert number_at(moment.at) == moment.seq
    # An address's own name holds its queue's, as of its last edit.
    assert {key: values for key, (_, values) in told(whole).items()} == {
        key: values for key, (_, values) in moment.truth.items()
    }
    assert names(told(whole)) == names(moment.truth)
    for last in (events.last_at(moment.seq), events.states().up_to(moment.seq).last_of_each()):
        assert {(event.kind, event.object_id) for event in last.exclude(action="deleted")} == set(moment.truth)
    for kind, pk in random.sample(sorted(whole), min(3, len(whole))):
        [state] = state_at(kind, pk, moment.seq)
        assert state
        assert (None if state.gone else present(state.values)) == moment.truth.get((kind, pk), (None, None))[1]
    for kind, pk in [key for key in moment.truth if key[0] == "queue"][:2]:
        boxes = {key[1] for key, (_, values) in moment.truth.items() if values.get(kind, {}).get("id") == pk}
        assert {box.object_id for box in boxes_at(kind, pk, moment.seq)} == boxes


def names(truth: Truth) -> dict[Key, str]:
    """Return the names of servers and queues."""
    return {key: name for key, (name, _) in truth.items() if key[0] != "address"}
