"""A database that goes away in mid-check: no result is made up, and the run is performed again."""

import threading
import uuid

import pytest
from django.db import connection, transaction

from demo.server import DemoTenant
from tests.database import together
from tests.people import incoming
from tests.tokenchecks.runs import lapse
from tests.worker import WorkerProcess, wait_for
from tokenchecks import tasks
from tokenchecks.models import CheckResult, CheckRun
from tokenchecks.worker.sweep import sweep_runs

OTHERS = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


def others() -> list[int]:
    """Return the database's sessions besides our own."""
    with connection.cursor() as cursor:
        cursor.execute(OTHERS)
        return [pid for (pid,) in cursor.fetchall()]


def hang_up() -> None:
    """End all sessions besides our own, as a restart of the database does."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_terminate_backend(pid) FROM ({OTHERS}) AS session")


def save(tenant: DemoTenant) -> CheckRun:
    server = incoming(name=uuid.uuid4().hex, tenant_id=next(iter(tenant.world.tenants)))
    return CheckRun.objects.get(subject_id=server.pk)


def test_run_whose_database_went_away_is_performed_again(worker: WorkerProcess, tenant: DemoTenant) -> None:
    """The worker goes on with a new connection."""
    tenant.fault(kind="slow", seconds=1, match={"endpoint": "token"}, times=1)
    run = save(tenant)
    wait_for(CheckRun.objects.filter(state="running").exists)
    wait_for(others)
    hang_up()
    wait_for(lambda: "was broken off: the database " in worker.said())
    assert not CheckResult.objects.exists()

    lapse()
    assert sweep_runs() == 1
    wait_for(CheckResult.objects.exists)
    result = CheckResult.objects.get()
    assert (result.run_id, result.attempt) == (run.pk, 2)
    assert result.cause != "internal.fault"


def test_worker_leaves_no_connection_behind(worker: WorkerProcess, tenant: DemoTenant) -> None:
    for _ in range(12):
        save(tenant)
    wait_for(lambda: not CheckRun.objects.exclude(state="done").exists())
    wait_for(lambda: not others())


@pytest.mark.django_db(transaction=True)
def test_run_whose_row_is_locked_is_left_to_the_sweeper(tenant: DemoTenant, caplog: pytest.LogCaptureFixture) -> None:
    run = save(tenant)
    performing = threading.Thread(target=lambda: together(lambda: tasks.perform(str(run.pk))))
    with transaction.atomic():
        CheckRun.objects.select_for_update().get(pk=run.pk)
        performing.start()
        wait_for(lambda: "was broken off: somebody else is saving this at the moment (OperationalError)" in caplog.text)
    performing.join()
    run.refresh_from_db()
    assert (run.state, CheckResult.objects.count()) == ("queued", 0)
