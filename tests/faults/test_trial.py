"""A check before save whose worker is killed, whose broker hangs, or that nobody takes up: its secrets are gone."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from demo.seed import first_steps
from demo.server import DemoTenant
from tests.faults.broker import Broker
from tests.people import As, address, incoming
from tests.tokenchecks.runs import lapse
from tests.tokenchecks.trials import press, sealed, server_typed
from tests.worker import CeleryProcess, WorkerProcess, wait_for
from tokenchecks.engine.results import STAGES
from tokenchecks.models import ATTEMPTS, CheckRun, State
from tokenchecks.screens.trials.panel import trial_panel
from tokenchecks.worker.claim import claim
from tokenchecks.worker.sweep import sweep_runs

Crew = Callable[[type[CeleryProcess]], CeleryProcess]


@pytest.fixture
def begin(transactional_db: None, tenant: DemoTenant, signed_in: As) -> Callable[[float], CheckRun]:
    """Return a function that presses the button for values whose token takes so many seconds."""
    admin: Client = signed_in("admin")

    def begin(seconds: float = 0) -> CheckRun:
        typed = server_typed(tenant)
        if seconds:
            tenant.fault(kind="slow", seconds=seconds, match={"client_id": typed["client_id"]})
        run: CheckRun = press(admin, "try_incoming_new", **typed).context["trial"].panel.run
        return run

    return begin


def now(run: CheckRun) -> CheckRun:
    """Return the run as it is stored."""
    run.refresh_from_db()
    return run


def test_a_worker_performs_it_and_the_page_follows(
    begin: Callable[[], CheckRun], broker: Broker, crew: Crew, signed_in: As
) -> None:
    run = begin()
    crew(WorkerProcess)
    wait_for(lambda: now(run).state == State.DONE)

    answer: Any = signed_in("admin").get(run.get_absolute_url(), headers={"HX-Request": "true"})
    assert b"these values pass" in answer.content
    assert b"<html" not in answer.content
    assert sealed() == 0


def test_after_a_killed_worker_a_second_attempt_ends_it(
    begin: Callable[[float], CheckRun], broker: Broker, worker: WorkerProcess
) -> None:
    run = begin(2)
    wait_for(lambda: now(run).state == State.RUNNING)
    worker.kill()
    assert sealed() == 1
    lapse()
    worker.start()
    sweep_runs()
    wait_for(lambda: now(run).state == State.DONE)

    assert (run.attempt, trial_panel(run).panel.status) == (2, "ok")
    assert sealed() == 0


def test_given_up_it_says_so_and_holds_no_secret(begin: Callable[[], CheckRun], broker: Broker) -> None:
    run = begin()
    for _ in range(ATTEMPTS):
        assert claim(run.pk)
        lapse()
    sweep_runs()

    assert now(run).state == State.DEAD
    assert trial_panel(run).panel.status == "broken"
    assert sealed() == 0


def test_a_hanging_broker_is_named_and_nothing_is_lost(
    begin: Callable[[], CheckRun], broker: Broker, worker: WorkerProcess, signed_in: As
) -> None:
    broker.freeze()
    run = begin()
    said = signed_in("admin").get(run.get_absolute_url()).content.decode()
    assert "waits for the broker (Redis)" in said
    broker.thaw()
    sweep_runs()
    wait_for(lambda: now(run).state == State.DONE)
    assert trial_panel(run).panel.status == "ok"


def test_that_nobody_takes_up_is_closed_after_an_hour(begin: Callable[[], CheckRun], broker: Broker) -> None:
    fresh, late = begin(), begin()
    check = CheckRun.objects.get(subject_id=incoming(client_id=uuid.uuid4()).pk)
    old = CheckRun.objects.filter(pk__in=[late.pk, check.pk])
    old.update(requested_at=Now() - timedelta(minutes=61))
    before = sealed()
    sweep_runs()

    assert now(late).state == State.DONE
    assert (now(fresh).state, now(check).state) == (State.QUEUED, State.QUEUED)
    assert sealed() == before - 1


def test_a_test_mail_of_a_killed_worker_is_never_sent_again(
    broker: Broker, worker: WorkerProcess, tenant: DemoTenant, signed_in: As
) -> None:
    steps = first_steps(tenant.world)
    own = incoming(tenant_id=steps["tenant"], client_id=steps["client_id"], secret=steps["secret"])
    item = address(server=own, address=steps["mailbox"], account=steps["mailbox"], sender=True)
    wait_for(lambda: not CheckRun.objects.filter(state__in=["queued", "running"]).exists())
    tenant.fault(kind="slow", seconds=3, match={"endpoint": "graph", "mailbox": steps["mailbox"]})
    tenant.journal.clear()
    url = reverse("tokenchecks:test_mail_address", args=[item.pk])
    signed_in("admin").post(url, {"recipient": "ada@contoso.example", "confirmed": "on"})
    run = CheckRun.objects.get(purpose="test_mail")
    wait_for(lambda: now(run).state == State.RUNNING and len(run.progress) == STAGES.index("send"))
    worker.kill()
    lapse()
    worker.start()
    sweep_runs()
    sweep_runs()

    assert (now(run).state, run.attempt) == (State.DEAD, 1)
    assert "not known whether the mail left" in trial_panel(run).verdict
    check = CheckRun.objects.create(kind="incoming_server", subject_id=own.pk, subject_name="later")
    sweep_runs()
    wait_for(lambda: now(check).state == State.DONE)
    assert sum(1 for entry in tenant.journal.entries if entry["recipients"]) <= 1
