"""Clocks that are doubled or killed: each slot is checked once, and the next one soon after a clock is back."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from demo.server import DemoTenant
from tests.people import incoming
from tests.worker import BeatProcess, CeleryProcess, WorkerProcess, wait_for
from tokenchecks.models import CheckRun, Credential, State, Watch

pytestmark = pytest.mark.django_db(transaction=True)
# The limit for a slot after a clock was killed; the tick is 10 s.
LATE = 30
Crew = Callable[[type[CeleryProcess]], CeleryProcess]


@pytest.fixture
def five(worker: WorkerProcess, tenant: DemoTenant) -> None:
    """Store five servers with a first check behind them."""
    for number in range(5):
        incoming(name=f"server {number}", tenant_id=next(iter(tenant.world.tenants)))
    wait_for(lambda: ended() == 5)
    CheckRun.objects.all().delete()


def ended() -> int:
    return CheckRun.objects.filter(state=State.DONE).count()


def slot_comes() -> None:
    """Let the next slot of all watches come now."""
    Credential.objects.update(asked_at=Now() - timedelta(hours=1), held_until=None)
    Watch.objects.update(due_at=Now())


def test_two_clocks_make_each_slot_once(five: None, crew: Crew) -> None:
    for _ in range(2):
        crew(BeatProcess)
    for slot in (1, 2):
        slot_comes()
        wait_for(lambda slot=slot: ended() == 5 * slot, seconds=LATE)  # type: ignore[misc]  # bound in the loop
    assert CheckRun.objects.count() == 10


def test_a_slot_that_came_while_the_clock_was_dead_is_made_up_for(five: None, crew: Crew) -> None:
    clock = crew(BeatProcess)
    clock.kill()
    slot_comes()
    crew(BeatProcess)
    wait_for(lambda: ended() == 5, seconds=LATE)
    assert CheckRun.objects.count() == 5
