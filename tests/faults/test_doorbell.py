"""Whatever the broker does, whoever rings goes on at once and the rows say that they wait."""

import time
import uuid
from collections.abc import Sequence

import pytest
from django.db import transaction

from configurator.jobs.doorbell import notify
from configurator.local.ports import free_port
from tests.faults.broker import Broker, bad_wire
from tests.people import ACTOR
from tokenchecks.models import CheckRun, Kind
from tokenchecks.services.queue import checks_queue
from tokenchecks.subjects.targets import Target
from tokenchecks.worker.claim import claim
from tokenchecks.worker.sweep import SWEEP_AT_ONCE, sweep_runs

pytestmark = pytest.mark.django_db(transaction=True)

# What the issue allows a save.
SOON = 3.0


def queue(count: int) -> tuple[list[CheckRun], float]:
    """Queue checks of so many subjects in one transaction; return them as stored and how long it took."""
    targets = [Target(Kind.INCOMING, uuid.uuid4(), f"server {number}") for number in range(count)]
    begin = time.monotonic()
    with transaction.atomic():
        checks_queue(targets=targets, requested_by=ACTOR.name)
    seconds = time.monotonic() - begin
    return list(CheckRun.objects.filter(subject_id__in=[target.subject_id for target in targets])), seconds


def waits_for_the_broker(runs: Sequence[CheckRun]) -> bool:
    return all(run.state == "queued" and run.notify_failed and run.notified_at is None for run in runs)


@pytest.mark.parametrize("count", [1, 500])
def test_a_broker_that_answers_gets_one_ring_a_run(broker: Broker, count: int) -> None:
    runs, seconds = queue(count)
    assert seconds < SOON
    # On a busy machine the last of the many may be left to the sweeper.
    assert broker.length() == sum(run.notified_at is not None for run in runs) > count // 5
    assert not any(run.notify_failed for run in runs)


@pytest.mark.parametrize("count", [1, 500])
def test_a_frozen_broker_delays_a_save_by_one_time_out(broker: Broker, count: int) -> None:
    queue(1)
    broker.freeze()
    for _ in range(2):
        runs, seconds = queue(count)
        assert seconds < SOON
        assert waits_for_the_broker(runs)
    broker.thaw()
    assert not waits_for_the_broker(queue(1)[0])


def test_a_killed_broker_delays_nobody(broker: Broker) -> None:
    queue(1)
    broker.crash()
    runs, seconds = queue(500)
    assert seconds < SOON
    assert waits_for_the_broker(runs)


def test_a_broker_that_was_never_there_delays_nobody(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CELERY_BROKER_URL", f"redis://127.0.0.1:{free_port()}/0")
    runs, seconds = queue(1)
    assert seconds < SOON
    assert waits_for_the_broker(runs)


def test_a_broker_that_refuses_is_a_broker_that_does_not_answer(broker: Broker) -> None:
    with broker.client as client:
        client.config_set("maxmemory", "1")
    runs, seconds = queue(2)
    assert seconds < SOON
    assert waits_for_the_broker(runs)


def test_a_slow_broker_gets_the_rest_of_the_rings_from_the_sweeper(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bad_wire(broker, delay=0.1) as url:
        monkeypatch.setenv("CELERY_BROKER_URL", url)
        runs, seconds = queue(500)
    assert seconds < SOON
    assert 0 < sum(run.notified_at is not None for run in runs) < len(runs)
    assert not any(run.notify_failed for run in runs)

    monkeypatch.setenv("CELERY_BROKER_URL", broker.url)
    sweep_runs()
    assert not CheckRun.objects.filter(notified_at=None).exists()


def test_a_ring_that_was_heard_but_not_answered_is_rung_again(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever rings cannot tell, so it does no harm: the run is performed once, whichever ring comes first."""
    with bad_wire(broker, mute_after=b"LPUSH") as url:
        monkeypatch.setenv("CELERY_BROKER_URL", url)
        runs, seconds = queue(1)
    assert seconds < SOON
    assert waits_for_the_broker(runs)
    assert broker.length() == 1

    monkeypatch.setenv("CELERY_BROKER_URL", broker.url)
    assert sweep_runs() == 1
    assert broker.length() == 2
    assert claim(runs[0].pk)
    assert claim(runs[0].pk) is None


def test_no_ring_holds_more_than_the_id_of_a_run(broker: Broker) -> None:
    """The message is what the broker, its dumps and the worker's log get to see."""
    [run], _ = queue(1)
    with broker.client as client:
        message = client.lindex("configurator:checks", 0)
    assert str(run.pk).encode() not in message  # only inside the encoded body
    assert b'"argsrepr": "[]"' in message


def test_the_sweeper_does_not_pile_rings_on_rings(broker: Broker) -> None:
    """While as many rings lie in the broker as one sweep makes, further ones would wake nobody."""
    queue(2)
    CheckRun.objects.update(notified_at=None)
    with broker.client as client:
        client.rpush("configurator:checks", *["ring"] * (SWEEP_AT_ONCE - 3))
        assert sweep_runs() == 1
        assert sweep_runs() == 0
        client.flushall()
    assert sweep_runs() == 1
    assert notify([]) == 0
