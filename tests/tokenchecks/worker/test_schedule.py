"""What is due is queued: each slot once, however many clocks tick, and soon after a clock that stood still."""

import uuid
from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from mailsettings.models import OutgoingServer
from mailsettings.services import incoming_server_delete, outgoing_server_save
from queues.services import queue_save
from tests.database import together
from tests.people import ACTOR, address, incoming, outgoing
from tokenchecks.models import CheckRun, Kind, State, Watch
from tokenchecks.services.queue import check_now
from tokenchecks.subjects.targets import targets_of
from tokenchecks.worker.schedule import queue_due_checks

pytestmark = pytest.mark.django_db


def watched(count: int, *, due: bool = True) -> None:
    """Watch that many subjects, each with a credential of its own."""
    Watch.objects.bulk_create(
        Watch(
            kind=Kind.INCOMING,
            subject_id=uuid.uuid4(),
            name=f"server {number}",
            credential=uuid.uuid4().hex,
            due_at=timezone.now() + (timedelta(seconds=-1) if due else timedelta(minutes=5)),
        )
        for number in range(count)
    )


def test_queues_what_is_due_and_nothing_else() -> None:
    watched(3)
    watched(2, due=False)
    assert queue_due_checks() == 3
    assert queue_due_checks() == 0
    assert set(CheckRun.objects.values_list("requested_by", flat=True)) == {""}


@pytest.mark.django_db(transaction=True)
def test_eight_clocks_at_once_queue_each_slot_once() -> None:
    watched(200)
    together(*[queue_due_checks] * 8)
    assert CheckRun.objects.count() == 200
    assert CheckRun.objects.values("subject_id").distinct().count() == 200
    assert not Watch.objects.due().exists()


def test_brings_those_that_share_the_credential_and_are_due_soon() -> None:
    watched(4)
    Watch.objects.update(credential="shared")
    for minutes, watch in zip((-1, 2, 5, 14), Watch.objects.all(), strict=True):
        watch.due_at = timezone.now() + timedelta(minutes=minutes)
        watch.save()
    assert queue_due_checks() == 3


def test_a_check_that_waits_already_is_not_doubled() -> None:
    server = incoming()
    Watch.objects.update(due_at=Now())
    queue_due_checks()
    [run] = CheckRun.objects.filter(subject_id=server.pk)
    assert run.requested_by == ACTOR.name


def test_a_clock_that_stood_still_catches_up_in_one_tick() -> None:
    watched(5)
    Watch.objects.update(due_at=Now() - timedelta(hours=7))
    assert queue_due_checks() == 5
    assert queue_due_checks() == 0


def test_what_is_switched_off_or_deleted_is_not_scheduled() -> None:
    item = address()
    server, home = item.server, item.queue
    outgoing()
    out = Watch.objects.get(kind=Kind.OUTGOING)
    stored = OutgoingServer.objects.get()
    stored.enabled = False
    outgoing_server_save(actor=ACTOR, server=stored, version=stored.version)
    assert not Watch.objects.filter(pk=out.pk).exists()

    home.enabled = False
    queue_save(actor=ACTOR, queue=home, version=home.version)
    assert Watch.objects.get(kind=Kind.ADDRESS).due_at is None
    home.enabled = True
    queue_save(actor=ACTOR, queue=home, version=home.version)
    assert Watch.objects.get(kind=Kind.ADDRESS).due_at is not None

    lonely = incoming(name="lonely")
    incoming_server_delete(actor=ACTOR, server=lonely, version=lonely.version)
    assert set(Watch.objects.values_list("subject_id", flat=True)) == {server.pk, item.pk}


def test_a_persons_wish_makes_a_scheduled_run_his() -> None:
    item = address()
    CheckRun.objects.all().delete()
    Watch.objects.update(due_at=Now())
    queue_due_checks()
    [run] = check_now(actor=ACTOR, targets=targets_of(Kind.ADDRESS, item.pk))
    assert (run.state, run.requested_by) == (State.QUEUED, ACTOR.name)
    assert CheckRun.objects.get(pk=run.pk).requested_by == ACTOR.name
