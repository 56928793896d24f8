"""Jobs: small and large go the same way, may be begun twice, and end whatever happens."""

import uuid
from datetime import timedelta
from typing import Any

import celery
import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, OperationalError, connection
from django.db.models.functions import Now
from kombu.exceptions import OperationalError as BrokerError

from configurator.accounts.actor import Actor
from configurator.accounts.scope import WHOLE
from configurator.audit.models import AuditEvent
from configurator.console.bulk import services, tasks
from configurator.console.bulk.actions import LISTS, NothingDone
from configurator.console.bulk.models import BulkJob, Outcome, State
from configurator.console.bulk.services import asking, performing, waiting
from configurator.jobs import lease
from configurator.jobs.doorbell import notify
from queues.bulk import Disable
from queues.models import Queue
from tests.console.bulk.jobs import actor, begun, done
from tests.database import together
from tests.people import person, queue

pytestmark = pytest.mark.django_db
QUEUES = LISTS["queues"]


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[uuid.UUID]:
    """Let any job be large, and return what is rung for instead of ringing."""
    heard: list[uuid.UUID] = []
    monkeypatch.setattr(performing, "AT_ONCE", 0)
    monkeypatch.setattr(performing, "notify_on_commit", lambda job, **_: heard.append(job.pk))
    monkeypatch.setattr(waiting, "notify", lambda jobs: heard.extend(job.pk for job in jobs))
    return heard


def test_a_large_one_waits_for_a_worker_at_each_step_and_ends_as_a_small_one(rung: list[uuid.UUID]) -> None:
    rows = [queue() for _ in range(3)]
    job = begun("queues", "disable", *rows)
    assert (job.state, job.total, rung) == (State.LOOKING, 3, [job.pk])
    tasks.perform(str(job.pk))
    done(BulkJob.objects.get(pk=job.pk))
    assert rung == [job.pk] * 2
    assert Queue.objects.filter(enabled=True).count() == 3
    tasks.perform(str(job.pk))
    tasks.perform(str(job.pk))

    job.refresh_from_db()
    assert (job.state, job.done, job.counts(WHOLE)) == (State.DONE, 3, {Outcome.DONE: 3})
    assert Queue.objects.filter(enabled=True).count() == 0
    assert AuditEvent.objects.filter(action="changed").count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_hear_of_it_do_it_once(rung: list[uuid.UUID]) -> None:
    job = begun("queues", "disable", *[queue() for _ in range(20)])
    together(*[lambda: services.perform(job.pk)] * 3)
    done(BulkJob.objects.get(pk=job.pk))
    together(*[lambda: services.perform(job.pk)] * 3)
    services.perform(job.pk)
    assert BulkJob.objects.get().state == State.DONE
    assert AuditEvent.objects.filter(action="changed").count() == 20
    assert set(Queue.objects.values_list("version", "enabled")) == {(2, False)}


def test_the_sweep_rings_for_what_was_not_heard_and_drops_what_is_old(rung: list[uuid.UUID]) -> None:
    fresh, waits, old = (begun("queues", "disable", queue()) for _ in range(3))
    del rung[:]
    BulkJob.objects.filter(pk=waits.pk).update(notified_at=Now() - timedelta(seconds=6))
    BulkJob.objects.filter(pk=old.pk).update(asked_at=Now() - timedelta(days=8), state=State.ASKING)
    tasks.sweep()
    assert rung == [waits.pk]
    assert set(BulkJob.objects.values_list("pk", flat=True)) == {fresh.pk, waits.pk}


def test_one_that_breaks_off_is_begun_a_few_times_and_changes_nothing(
    rung: list[uuid.UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = queue(), queue()
    job = begun("queues", "disable", one, two)
    tasks.perform(str(job.pk))
    done(job)
    calls = []

    def breaks(*args: Any, **_: Any) -> str:
        calls.append(args)
        Queue.objects.update(enabled=False)
        raise OperationalError("lock timeout")

    monkeypatch.setattr(Disable, "perform_all", breaks)
    monkeypatch.setattr(performing, "TRIES", 3)
    for _ in range(5):
        tasks.perform(str(job.pk))
    job.refresh_from_db()
    assert (len(calls), job.state, job.problem) == (3, State.FAILED, performing.BROKE_OFF)
    assert Queue.objects.filter(enabled=True).count() == 2


def test_a_row_that_somebody_holds_leaves_the_job_to_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    job = begun("queues", "disable", queue())

    def held(*_: Any) -> str:
        raise OperationalError("lock timeout")

    with monkeypatch.context() as patch:
        patch.setattr(Disable, "perform_all", held)
        assert done(job).state == State.APPLYING
    tasks.perform(str(job.pk))
    job.refresh_from_db()
    assert job.state == State.DONE


def test_a_right_that_was_taken_away_ends_it_without_a_change(rung: list[uuid.UUID]) -> None:
    job = begun("queues", "disable", queue())
    tasks.perform(str(job.pk))
    done(BulkJob.objects.get(pk=job.pk))
    person("admin").groups.clear()
    tasks.perform(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.problem) == (State.FAILED, performing.NO_RIGHT)
    assert Queue.objects.get().enabled


def test_services_want_the_rights_and_the_one_who_began_it() -> None:
    row, nobody = queue(), Actor(id=str(person("support").pk), name="nobody")
    begins: dict[str, Any] = {
        "rows": QUEUES,
        "action": QUEUES.action("disable"),
        "picked": [row.pk],
        "query": "",
        "back": "/",
    }
    with pytest.raises(PermissionDenied):
        services.begin(actor=nobody, **begins)
    job = begun("queues", "disable", row)
    for other in (nobody, actor("superuser")):
        with pytest.raises(PermissionDenied):
            services.confirm(actor=other, job=job)
        with pytest.raises(PermissionDenied):
            services.enter_values(actor=other, job=job, typed={})
    assert BulkJob.objects.get().state == State.ASKING


def test_a_job_goes_on_once(rung: list[uuid.UUID]) -> None:
    job = begun("queues", "disable", queue())
    services.confirm(actor=actor(), job=job)
    assert job.state == State.LOOKING
    tasks.perform(str(job.pk))
    services.confirm(actor=actor(), job=job)
    services.enter_values(actor=actor(), job=job, typed={})
    assert job.state == State.APPLYING
    assert len(rung) == 2
    tasks.perform(str(uuid.uuid4()))


def test_more_rows_than_one_job_takes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "MOST", 2)
    rows = [queue() for _ in range(3)]
    assert begun("queues", "disable", *rows[:2]).total == 2
    for picked in ({"query": "q=Support"}, {}):
        with pytest.raises(services.TooMany):
            begun("queues", "disable", *([] if picked else rows), **picked)


def test_an_action_that_is_offered_no_more_is_said_so() -> None:
    job = begun("queues", "disable", queue())
    job.action_key = "paint"
    with pytest.raises(NothingDone, match="not offered any more"):
        str(job)


def test_a_broker_that_does_not_answer_is_no_fault_of_the_page(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(**_: Any) -> None:
        raise BrokerError

    monkeypatch.setattr(celery.current_app, "connection_for_write", fails)
    notify([begun("queues", "disable", queue())])
    assert "the broker does not answer (OperationalError)" in caplog.text


def test_progress_is_written_over_a_second_connection_and_its_failure_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(lease, "EVERY", -1)
    job = begun("queues", "disable", queue())
    with lease.heartbeat(job) as beat:
        beat(1)
        assert beat.second is not None
    assert beat.second.connection is None

    def fails() -> None:
        raise DatabaseError

    monkeypatch.setattr(connection, "copy", fails)
    with lease.heartbeat(job) as mute:
        mute(1)
    assert (mute.done, mute.second) == (1, None)
    assert "is not written (DatabaseError)" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_lost_its_lease_changes_nothing(rung: list[uuid.UUID], monkeypatch: pytest.MonkeyPatch) -> None:
    job = begun("queues", "disable", queue())
    tasks.perform(str(job.pk))
    done(job)
    plain = Disable.perform_all

    def claimed_meanwhile(*args: Any, **kwargs: Any) -> str:
        together(lambda: BulkJob.objects.filter(pk=job.pk).take(lease=lease.LEASE))
        return plain(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(Disable, "perform_all", claimed_meanwhile)
        tasks.perform(str(job.pk))
    assert (BulkJob.objects.get().state, Queue.objects.get().enabled) == (State.APPLYING, True)

    tasks.perform(str(job.pk))
    assert Queue.objects.get().enabled
    BulkJob.objects.update(lease_until=Now() - timedelta(seconds=1))
    tasks.sweep()
    assert rung[-1] == job.pk
    tasks.perform(str(job.pk))
    assert (BulkJob.objects.get().state, Queue.objects.get().enabled) == (State.DONE, False)
