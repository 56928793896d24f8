"""Writing to the trail: in the change's transaction or not at all, one chain whatever runs at once."""

import threading
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError

from configurator.audit import services
from configurator.audit.chain import BEGINNING, GENESIS
from configurator.audit.choices import Action, Kind
from configurator.audit.models import AuditEvent
from configurator.audit.services import record
from configurator.audit.snapshots import SecretChange
from configurator.audit.vault import Program
from configurator.audit.verify import verify
from configurator.vault.text import Secret
from tests.database import together

ALICE = Program("7", "alice", "request-1")
SERVER = uuid.UUID("12345678-1234-5678-1234-567812345678")
Trail = Callable[[int], list[AuditEvent]]


def act(name: str = "Queue", **values: object) -> AuditEvent:
    return record(actor=ALICE, action="changed", kind="box", object_id="q", object_name=name, after=values)


@pytest.mark.django_db
def test_an_event_says_who_what_when_and_from_where() -> None:
    event = record(
        actor=ALICE,
        action=Action.CREATED,
        kind=Kind.INCOMING_SERVER,
        object_id=SERVER,
        object_name="Server ü😀",
        before=None,
        after={"address": "https://x", "secret": SecretChange.SET, "nested": {"a": [1, True, None]}},
    )
    stored = AuditEvent.objects.get()
    assert (stored.actor_id, stored.actor_name, stored.request_id) == ("7", "alice", "request-1")
    assert (stored.action, stored.kind, stored.object_id) == ("created", "incoming_server", str(SERVER))
    assert stored.before is None
    assert stored.after == {"address": "https://x", "secret": "set", "nested": {"a": [1, True, None]}}
    assert stored.at.tzinfo == UTC
    assert stored.hash == event.hash == stored.computed_hash()
    assert "alice created incoming_server" in str(stored)


@pytest.mark.django_db
def test_events_are_numbered_and_chained() -> None:
    first, second = act(), act()
    assert (first.seq, first.previous_hash) == (1, GENESIS)
    assert (second.seq, second.previous_hash) == (2, first.hash)
    assert AuditEvent.objects.head() == (2, second.hash)


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_written() -> None:
    with pytest.raises(TransactionManagementError):
        act()
    assert not AuditEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_event_falls_with_its_change() -> None:
    def change() -> None:
        with transaction.atomic():
            act()
            raise LookupError

    with pytest.raises(LookupError):
        change()
    assert AuditEvent.objects.head() == BEGINNING


@pytest.mark.django_db
@pytest.mark.parametrize("value", [Secret("canary"), b"bytes", 1.5, object(), {"a": {1, 2}}, [Secret("canary")]])
def test_what_json_does_not_keep_exactly_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="keeps no") as error:
        act(value=value)
    assert "canary" not in str(error.value)
    assert not AuditEvent.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("action", "kind", "name"), [("", "queue", "alice"), ("changed", "", "alice"), ("x", "y", "")])
def test_the_database_refuses_an_event_that_says_nothing(action: str, kind: str, name: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        record(actor=Program("1", name), action=action, kind=kind, object_id="q", object_name="Queue")


@pytest.mark.django_db
def test_listeners_hear_each_event_and_can_stop_the_change(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[int] = []
    monkeypatch.setattr(services, "listeners", [lambda events: heard.extend(event.seq for event in events)])
    act()
    assert heard == [1]

    def fail(events: Sequence[AuditEvent]) -> None:
        raise ValueError(events[0].seq)

    monkeypatch.setattr(services, "listeners", [fail])
    with pytest.raises(ValueError, match="2"), transaction.atomic():
        act()
    assert AuditEvent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_make_one_chain() -> None:
    def write() -> None:
        for index in range(50):
            with transaction.atomic():
                act("writer", index=index)

    together(write, write, write, write)
    verdict = verify()
    assert (verdict.count, verdict.broken) == (200, None)
    assert AuditEvent.objects.values("previous_hash").distinct().count() == 200


@pytest.mark.django_db(transaction=True)
def test_an_event_waits_for_the_one_before_it() -> None:
    """The second writer starts while the first has not committed, and still follows it."""
    first_is_written, second_is_written = threading.Event(), threading.Event()

    def first() -> None:
        with transaction.atomic():
            act("first")
            first_is_written.set()
            assert not second_is_written.wait(0.3)

    def second() -> None:
        assert first_is_written.wait(10)
        with transaction.atomic():
            act("second")
        second_is_written.set()

    together(first, second)
    assert list(AuditEvent.objects.order_by("seq").values_list("object_name", flat=True)) == [
        "first",
        "second",
    ]


def test_questions_have_an_index(trail: Trail) -> None:
    trail(3)
    events = AuditEvent.objects
    asked = {
        "audit_by_actor": events.by_actor("7"),
        "audit_by_time": events.filter(at__lt="2100-01-01T00:00Z").order_by("-at")[:5],
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        for index, query in asked.items():
            assert index in query.explain()
    assert events.of_object("box", "q1").get().object_name == "Queue 1"
    assert asked["audit_by_actor"].count() == 3
