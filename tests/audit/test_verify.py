"""Whoever owns the table gets round its triggers: audit_verify names the first wrong event."""

import hashlib
import json
from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from configurator.audit.chain import BEGINNING, Head, digest
from configurator.audit.models import AuditEvent
from configurator.audit.verify import verify
from tests.database import triggers_off

Trail = Callable[[int], list[AuditEvent]]
COLUMNS = ["at", "actor_id", "actor_name", "action", "kind", "object_id", "object_name", "request_id"]


def as_owner(*statements: str) -> None:
    with triggers_off(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def broken_at() -> int | None:
    verdict = verify()
    return verdict.broken.seq if verdict.broken else None


def rewrite(event: AuditEvent) -> None:
    """Give an event the hash that fits what it says now."""
    event.hash = event.computed_hash()
    with triggers_off():
        event.save(force_update=True)


def test_a_whole_trail_is_whole(trail: Trail) -> None:
    events = trail(5)
    verdict = verify()
    assert (verdict.count, verdict.head, verdict.broken) == (5, Head(5, events[-1].hash), None)


def test_an_empty_trail_is_whole(transactional_db: None) -> None:
    assert verify().head == BEGINNING


@pytest.mark.parametrize(
    "change",
    [
        "actor_id = '8'",
        "actor_name = 'bob'",
        "action = 'deleted'",
        "kind = 'user'",
        "object_id = 'q9'",
        "object_name = 'Queue'",
        "request_id = ''",
        "before = NULL",
        """after = '{"priority": 9}'""",
        "at = at + interval '1 microsecond'",
    ],
)
def test_any_edited_column_is_found(trail: Trail, change: str) -> None:
    trail(5)
    as_owner(f"UPDATE audit_auditevent SET {change} WHERE seq = 3")
    assert broken_at() == 3


@pytest.mark.parametrize("seq", [1, 3])
def test_a_deleted_event_is_found(trail: Trail, seq: int) -> None:
    trail(5)
    as_owner(f"DELETE FROM audit_auditevent WHERE seq = {seq}")
    assert broken_at() == seq


def test_a_gap_that_was_closed_is_found(trail: Trail) -> None:
    trail(5)
    as_owner(
        "DELETE FROM audit_auditevent WHERE seq = 3",
        "UPDATE audit_auditevent SET seq = 3 WHERE seq = 4",
        "UPDATE audit_auditevent SET seq = 4 WHERE seq = 5",
    )
    assert broken_at() == 3


def test_reordered_events_are_found(trail: Trail) -> None:
    trail(5)
    as_owner(
        "UPDATE audit_auditevent SET seq = 99 WHERE seq = 2",
        "UPDATE audit_auditevent SET seq = 2 WHERE seq = 3",
        "UPDATE audit_auditevent SET seq = 3 WHERE seq = 99",
    )
    assert broken_at() == 2


def test_an_inserted_event_is_found(trail: Trail) -> None:
    """Even with a right hash of its own: the one after it still names its old predecessor."""
    trail(4)
    forged = AuditEvent.objects.get(seq=2)
    as_owner(
        "UPDATE audit_auditevent SET seq = 5 WHERE seq = 4",
        "UPDATE audit_auditevent SET seq = 4 WHERE seq = 3",
    )
    forged.seq, forged.previous_hash, forged.object_name = 3, forged.hash, "Never happened"
    forged.hash = forged.computed_hash()
    as_owner("UPDATE audit_auditevent SET previous_hash = repeat('f', 64) WHERE seq = 4")
    forged.save(force_insert=True)
    assert broken_at() == 4


def test_an_edit_with_a_fitting_hash_breaks_the_next_event(trail: Trail) -> None:
    trail(5)
    event = AuditEvent.objects.get(seq=3)
    event.actor_name = "bob"
    rewrite(event)
    assert broken_at() == 4


def test_a_cut_end_shows_against_a_kept_head_only(trail: Trail) -> None:
    head = Head(5, trail(5)[-1].hash)
    as_owner("DELETE FROM audit_auditevent WHERE seq > 3")
    assert verify().broken is None
    verdict = verify(head)
    assert verdict.broken
    assert verdict.broken.seq == 4
    assert "cut off" in verdict.broken.reason


def test_a_rewritten_chain_shows_against_a_kept_head_only(trail: Trail) -> None:
    head = Head(3, trail(5)[2].hash)
    previous = BEGINNING.hash
    for event in AuditEvent.objects.order_by("seq"):
        event.actor_name, event.previous_hash = "bob", previous
        rewrite(event)
        previous = event.hash
    assert verify().broken is None
    verdict = verify(head)
    assert verdict.broken
    assert verdict.broken.seq == 3
    assert "rewritten" in verdict.broken.reason


def test_a_kept_head_still_fits_a_longer_trail(trail: Trail) -> None:
    head = Head(3, trail(5)[2].hash)
    assert verify(head).broken is None


def test_the_command_prints_a_head_that_it_takes_back(trail: Trail, capsys: pytest.CaptureFixture[str]) -> None:
    trail(3)
    call_command("audit_verify")
    line = capsys.readouterr().out.strip()
    head = line.rpartition(" ")[2]
    assert line == f"3 events, unbroken. Head {AuditEvent.objects.head()}"
    call_command("audit_verify", "--head", head)
    as_owner("DELETE FROM audit_auditevent WHERE seq = 3")
    with pytest.raises(CommandError, match="Broken at event 3: the trail once went on to 3"):
        call_command("audit_verify", "--head", head)


@pytest.mark.parametrize("text", ["", "3", "3:", "x:" + "0" * 64, "3:" + "0" * 63, "3:" + "G" * 64])
def test_a_malformed_head_is_a_usage_error(text: str) -> None:
    with pytest.raises(CommandError, match="SEQ:HASH"):
        call_command("audit_verify", "--head", text)


def test_the_hash_is_the_documented_one(trail: Trail) -> None:
    """The recipe of docs/trust.md, written out: a trail can be checked without this program."""
    [event] = trail(1)
    content = {
        "seq": 1,
        "at": event.at.isoformat(timespec="microseconds"),
        "actor_id": "7",
        "actor_name": "alice",
        "action": "changed",
        "kind": "box",
        "object_id": "q0",
        "object_name": "Queue 0",
        "before": {"priority": 0},
        "after": {"priority": 1},
        "request_id": "request-1",
        "previous_hash": "0" * 64,
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert event.hash == hashlib.sha256(text.encode()).hexdigest() == digest({**content, "at": event.at})
