"""Whatever the broker does or forgets, every queued check ends, and ends once."""

import time
import uuid
from collections.abc import Callable

import pytest

from configurator.jobs.doorbell import notify
from demo.seed import first_steps
from demo.server import DemoTenant
from tests.database import together
from tests.faults.broker import Broker
from tests.people import incoming
from tests.tokenchecks.runs import lapse, queued
from tests.worker import BeatProcess, CeleryProcess, WorkerProcess, wait_for
from tokenchecks.models import ATTEMPTS, CheckResult, CheckRun
from tokenchecks.worker.claim import claim
from tokenchecks.worker.sweep import sweep_runs

MANY = 12
Crew = Callable[[type[CeleryProcess]], CeleryProcess]


def save(tenant: DemoTenant, count: int) -> None:
    """Save so many servers, each with an app that the tenant does not know."""
    steps = first_steps(tenant.world)
    for _ in range(count):
        incoming(name=uuid.uuid4().hex, tenant_id=steps["tenant"], secret=steps["secret"])


def all_ended() -> bool:
    return not CheckRun.objects.exclude(state="done").exists()


def each_ended_once() -> bool:
    """Tell whether each run has its one result, and that of its first attempt."""
    attempts = list(CheckResult.objects.values_list("attempt", flat=True))
    return attempts == [1] * CheckRun.objects.count()


def test_checks_that_met_a_frozen_broker_end_when_it_answers_again(
    broker: Broker, worker: WorkerProcess, beat: BeatProcess, tenant: DemoTenant
) -> None:
    """Frozen so long that worker and beat find out, and neither ends for it."""
    save(tenant, 1)
    wait_for(all_ended)
    broker.freeze()
    save(tenant, 2)
    assert CheckRun.objects.filter(notify_failed=True).count() == 2
    time.sleep(8)
    broker.thaw()
    wait_for(all_ended, seconds=60)
    assert each_ended_once()
    assert worker.process is not None
    assert beat.process is not None
    assert (worker.process.poll(), beat.process.poll()) == (None, None)


def test_checks_that_a_killed_broker_forgot_end_once(
    broker: Broker, worker: WorkerProcess, beat: BeatProcess, crew: Crew, tenant: DemoTenant
) -> None:
    """With a second beat, which rings for each sweep a second time."""
    crew(BeatProcess)
    tenant.fault(kind="slow", seconds=0.5, match={"endpoint": "token"})
    save(tenant, MANY)
    wait_for(CheckResult.objects.exists)
    broker.crash()
    save(tenant, 2)
    time.sleep(1)
    broker.start()
    assert not all_ended()
    wait_for(all_ended, seconds=60)
    assert each_ended_once()
    assert worker.process is not None
    assert worker.process.poll() is None


def test_checks_that_were_flushed_in_mid_flight_end_once(
    broker: Broker, worker: WorkerProcess, beat: BeatProcess, tenant: DemoTenant
) -> None:
    tenant.fault(kind="slow", seconds=0.3, match={"endpoint": "token"})
    save(tenant, MANY)
    wait_for(CheckResult.objects.exists)
    with broker.client as client:
        for _ in range(20):
            client.flushall()
            time.sleep(0.05)
    wait_for(all_ended, seconds=60)
    assert each_ended_once()


def test_a_ring_heard_many_times_makes_one_result(broker: Broker, worker: WorkerProcess, tenant: DemoTenant) -> None:
    save(tenant, 1)
    [run] = CheckRun.objects.all()
    for _ in range(5):
        CheckRun.objects.update(notified_at=None)
        sweep_runs()
        for _ in range(5):
            notify([run])
    wait_for(all_ended)
    wait_for(lambda: broker.length() == 0)
    assert each_ended_once()


@pytest.mark.django_db(transaction=True)
def test_sweepers_at_once_bury_a_run_once(broker: Broker) -> None:
    """And ring for others at most once each."""
    lost = [queued(state="running", attempt=ATTEMPTS - 1, lease_until="2026-01-01T00:00Z") for _ in range(MANY)]
    assert claim(lost[0].pk)
    lapse()
    together(*[sweep_runs] * 4)
    assert CheckResult.objects.count() == CheckRun.objects.filter(state="dead").count() == 1
    assert MANY - 1 <= broker.length() <= 4 * (MANY - 1)
