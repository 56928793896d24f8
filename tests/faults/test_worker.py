"""A worker that is killed, stopped, frozen or taken down by a check, and what becomes of its runs."""

import signal
import uuid
from collections.abc import Callable

import pytest

from demo.server import DemoTenant
from tests.faults.broker import Broker
from tests.people import As, incoming
from tests.tokenchecks.runs import lapse
from tests.worker import CeleryProcess, WorkerProcess, wait_for
from tokenchecks.models import ATTEMPTS, CheckResult, CheckRun, State
from tokenchecks.worker.sweep import sweep_runs

Crew = Callable[[type[CeleryProcess]], CeleryProcess]


@pytest.fixture
def save(worker: WorkerProcess, tenant: DemoTenant) -> Callable[[float], CheckRun]:
    """Return a function that saves a server whose token takes so many seconds, and returns its run."""

    def save(seconds: float) -> CheckRun:
        client_id = uuid.uuid4()
        if seconds:
            tenant.fault(kind="slow", seconds=seconds, match={"client_id": str(client_id)})
        server = incoming(name=client_id.hex, tenant_id=next(iter(tenant.world.tenants)), client_id=client_id)
        return CheckRun.objects.get(subject_id=server.pk)

    return save


def state_of(run: CheckRun) -> State:
    run.refresh_from_db()
    return State(run.state)


def under_way(*runs: CheckRun, attempt: int = 1) -> Callable[[], bool]:
    return lambda: all(state_of(run) == State.RUNNING and run.attempt == attempt for run in runs)


def ended(*runs: CheckRun) -> Callable[[], bool]:
    return lambda: not any(run.is_open for run in runs if state_of(run))


def test_run_of_a_killed_worker_ends_once_in_its_second_attempt(
    worker: WorkerProcess, save: Callable[[float], CheckRun], signed_in: As
) -> None:
    """The lease is let run out here; how long that takes is tested on the whole console."""
    run = save(2)
    wait_for(under_way(run))
    worker.kill()
    assert sweep_runs() == 0
    lapse()
    assert sweep_runs() == 1
    worker.start()
    wait_for(ended(run))
    assert CheckResult.objects.get().attempt == 2
    assert "attempt 2" in signed_in("support").get(run.get_absolute_url()).content.decode()


def test_check_that_kills_its_worker_each_time_is_given_up_and_takes_no_other_with_it(
    worker: WorkerProcess, save: Callable[[float], CheckRun], signed_in: As
) -> None:
    """Even those beside it in the same worker each time it dies."""
    poison, *others = save(12), save(2), save(2)
    for attempt in range(1, ATTEMPTS):
        wait_for(under_way(poison, *others, attempt=attempt))
        worker.kill()
        lapse()
        worker.start()
        sweep_runs()

    def poisoned_once_more() -> bool:
        if under_way(poison, attempt=ATTEMPTS)():
            worker.kill()
            lapse()
            worker.start()
        sweep_runs()
        return ended(poison, *others)()

    wait_for(poisoned_once_more, seconds=60)
    assert state_of(poison) == State.DEAD
    assert (poison.result.attempt, poison.result.cause) == (ATTEMPTS, "internal.worker_lost")
    assert [state_of(run) for run in others] == [State.DONE, State.DONE]
    assert "broken off three times" in signed_in("support").get(poison.get_absolute_url()).content.decode()

    late = save(0)
    wait_for(ended(late))
    assert late.result.attempt == 1


def test_stopped_worker_finishes_what_it_began_and_leaves_the_rest(
    broker: Broker, worker: WorkerProcess, save: Callable[[float], CheckRun]
) -> None:
    begun = [save(5) for _ in range(4)]  # longer than the saves of those that wait take on a busy machine
    wait_for(under_way(*begun))
    waiting = [save(0) for _ in range(6)]
    worker.signal(signal.SIGTERM)
    assert worker.process is not None
    assert worker.process.wait(60) == 0
    assert ended(*begun)()
    assert not any(run.attempt for run in waiting if state_of(run))

    worker.start()
    wait_for(ended(*waiting))
    assert set(CheckResult.objects.values_list("attempt", flat=True)) == {1}


def test_worker_that_was_frozen_beyond_its_lease_changes_nothing_any_more(
    worker: WorkerProcess, save: Callable[[float], CheckRun], crew: Crew
) -> None:
    run = save(3)
    wait_for(under_way(run))
    worker.signal(signal.SIGSTOP)
    lapse()
    crew(WorkerProcess)
    sweep_runs()
    wait_for(ended(run))
    [before] = CheckResult.objects.values()
    worker.signal(signal.SIGCONT)
    wait_for(lambda: "was taken over by another worker" in worker.said())
    assert [before] == list(CheckResult.objects.values())
    assert before["attempt"] == 2
