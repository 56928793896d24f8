"""A worker whose clock is an hour off: the database's clock decides about leases, and the check says what is wrong."""

from pathlib import Path

import pytest

from demo.seed import first_steps
from demo.server import DemoTenant
from tests.faults.broker import Broker
from tests.people import incoming
from tests.worker import WorkerProcess, wait_for
from tokenchecks.models import CheckResult, CheckRun, State
from tokenchecks.worker.sweep import sweep_runs

pytestmark = pytest.mark.django_db(transaction=True)

# Read by the worker's Python before anything else: its clock, wherever it is asked, goes so many seconds wrong.
BENT = """
import datetime, os, time

wrong = float(os.environ["CLOCK_IS_WRONG_BY"])
true_time = time.time
time.time = lambda: true_time() + wrong


class datetime_(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return datetime.datetime.fromtimestamp(time.time(), tz)


datetime.datetime = datetime_
"""


@pytest.mark.parametrize("seconds", [3600, -3600])
def test_a_worker_an_hour_off_checks_once_and_says_so(
    broker: Broker, tenant: DemoTenant, tmp_path: Path, seconds: int
) -> None:
    """While the check is under way nobody takes its lease for lapsed."""
    (tmp_path / "sitecustomize.py").write_text(BENT)
    worker = WorkerProcess(tmp_path / "bent.log", PYTHONPATH=str(tmp_path), CLOCK_IS_WRONG_BY=str(seconds))
    worker.start()
    try:
        steps = first_steps(tenant.world)
        tenant.fault(kind="slow", seconds=2, match={"endpoint": "token"})
        server = incoming(tenant_id=steps["tenant"], client_id=steps["client_id"], secret=steps["secret"])
        run = CheckRun.objects.get(subject_id=server.pk)
        wait_for(lambda: CheckRun.objects.filter(pk=run.pk, state=State.RUNNING).exists())
        assert not CheckRun.objects.lapsed().exists()
        assert sweep_runs() == 0
        wait_for(lambda: CheckResult.objects.filter(run=run).exists())
    finally:
        worker.stop()
    [result] = CheckResult.objects.all()
    assert (result.attempt, result.status, result.cause) == (1, "warning", "clock_skew")
