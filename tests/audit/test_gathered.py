"""Many events added in one go: the same trail, the same listeners, and the chain locked for a moment only."""

from collections.abc import Sequence

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from configurator.audit import services
from configurator.audit.models import AuditEvent
from configurator.audit.services import gathered, record
from configurator.audit.vault import Program
from configurator.audit.verify import verify

ALICE = Program("7", "alice", "request-1")
pytestmark = pytest.mark.django_db


def act(name: str) -> AuditEvent:
    return record(actor=ALICE, action="changed", kind="box", object_id=name, object_name=name, after={"name": name})


def test_they_follow_what_is_there_in_their_order_in_as_many_queries_as_one() -> None:
    act("before")
    with transaction.atomic(), CaptureQueriesContext(connection) as made, gathered():
        for name in ("a", "b", "c"):
            act(name)
        assert AuditEvent.objects.count() == 1
    act("after")

    assert [event.object_name for event in AuditEvent.objects.order_by("seq")] == ["before", "a", "b", "c", "after"]
    assert len(made) <= 5
    assert verify().broken is None


def test_what_is_taken_back_leaves_no_event_and_a_failure_none_at_all() -> None:
    with gathered() as events:
        act("stays")
        mark = len(events)
        act("is taken back")
        del events[mark:]
    with pytest.raises(TypeError), gathered():
        record(actor=ALICE, action=act("is lost").action, kind="box", object_id="", object_name="", after={"no": {1}})

    assert [event.object_name for event in AuditEvent.objects.all()] == ["stays"]


def test_listeners_hear_of_all_and_what_they_record_comes_along(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[list[str]] = []

    def listen(events: Sequence[AuditEvent]) -> None:
        heard.append([event.object_name for event in events])
        if heard == [["a", "b"]]:
            act("follows from a")

    monkeypatch.setattr(services, "listeners", [listen])
    with gathered():
        act("a")
        act("b")

    assert heard == [["a", "b"], ["follows from a"]]
    assert AuditEvent.objects.count() == 3


def test_nothing_recorded_takes_no_lock() -> None:
    with CaptureQueriesContext(connection) as made, gathered():
        pass
    assert len(made) == 0
