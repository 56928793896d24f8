"""What is written many at once: the database's own rules, the trail, and what the checks make of it."""

import copy
import uuid

import pytest
from django.db import transaction
from django.db.transaction import TransactionManagementError

from configurator.audit.models import AuditEvent
from configurator.audit.services import event_of, record, record_without_listeners
from configurator.audit.verify import verify
from configurator.db.constraints import broken_constraints
from queues.models import Queue, QueueAddress
from tests.imports.files import applied, looked_at, tab
from tests.people import ACTOR, address, incoming, queue
from tests.rules import every_rule
from tokenchecks.models import CheckRun, Watch

pytestmark = pytest.mark.django_db


def test_every_constraint_is_asked_in_the_database_s_own_words() -> None:
    box = address(queue=queue(name="Support"))
    stored = {Queue: box.queue, QueueAddress: box}
    asked = set()
    for model, right in stored.items():
        messages = {item.name: item.get_violation_error_message() for item in model._meta.constraints}
        cases = [known for _, known in every_rule() if known.constraint in messages and known.past]
        wrong = []
        for case in cases:
            row = copy.copy(right)
            for name, value in case.past.items():
                setattr(row, name, value)
            wrong.append(row)
        found = broken_constraints([right, *wrong])
        assert found[0] == []
        for case, said in zip(cases, found[1:], strict=True):
            if case.constraint != "address_on_one_queue":
                assert messages[case.constraint] in said, case
                asked.add(case.constraint)
    assert len(asked) > 12
    assert broken_constraints([]) == []


def test_many_events_follow_the_chain_like_one_by_one() -> None:
    events = (
        event_of(ACTOR, action="created", kind="queue", object_id=uuid.uuid4(), object_name=f"Queue {number}")
        for number in range(1_100)
    )
    with transaction.atomic():
        record(actor=ACTOR, action="created", kind="queue", object_id=uuid.uuid4(), object_name="first")
        record_without_listeners(events)
        record(actor=ACTOR, action="created", kind="queue", object_id=uuid.uuid4(), object_name="last")

    assert (verify().broken, AuditEvent.objects.count()) == (None, 1_102)
    assert [event.object_name for event in AuditEvent.objects.order_by("seq")[1:3]] == ["Queue 0", "Queue 1"]


@pytest.mark.django_db(transaction=True)
def test_many_events_stand_in_a_transaction_too() -> None:
    with pytest.raises(TransactionManagementError):
        record_without_listeners([])


def test_deleted_addresses_are_forgotten_and_those_of_a_queue_that_is_switched_off_watched_no_more() -> None:
    server = incoming(name="Contoso")
    gone = address(queue=queue(name="Gone"), server=server)
    off = address(queue=queue(name="Off"), server=server)

    applied(looked_at("queue", tab(("Name", "Enabled", "Delete"), ("Gone", "", "D"), ("Off", "No", ""))))

    assert not CheckRun.objects.filter(subject_id=gone.pk).exists()
    assert not Watch.objects.filter(subject_id=gone.pk).exists()
    assert Watch.objects.get(subject_id=off.pk).due_at is None
