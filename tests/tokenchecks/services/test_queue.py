"""One waiting run a subject, checked as it is when its turn comes, and nothing left open for ever."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models.functions import Now

from configurator.accounts.actor import Actor
from configurator.vault.text import Secret
from demo.seed import first_steps
from demo.server import DemoTenant
from mailsettings.models import IncomingServer
from mailsettings.services import incoming_server_delete, incoming_server_save
from tests.people import ACTOR, As, address, incoming, person
from tests.tokenchecks.runs import GOOD, claimed, lapse, queued
from tokenchecks.engine.results import StageResult
from tokenchecks.models import ATTEMPTS, CheckResult, CheckRun, Kind
from tokenchecks.services.queue import check_now
from tokenchecks.subjects.targets import targets_of
from tokenchecks.worker.check import perform_run
from tokenchecks.worker.claim import claim, save_stage
from tokenchecks.worker.close import finish
from tokenchecks.worker.sweep import sweep_runs

pytestmark = pytest.mark.django_db


def run_of(server: IncomingServer) -> CheckRun:
    """Return the server's newest run."""
    run = CheckRun.objects.of(Kind.INCOMING, server.pk).first()
    assert run is not None
    return run


def save(server: IncomingServer) -> None:
    """Save the server with another name."""
    server.name = f"Contoso {uuid.uuid4().hex[:6]}"
    incoming_server_save(actor=ACTOR, server=server, version=IncomingServer.objects.get(pk=server.pk).version)


class TestSave:
    """What a save queues."""

    def test_of_a_server_queues_its_addresses_too(self) -> None:
        server = incoming()
        item = address(server=server)
        CheckRun.objects.all().delete()
        save(server)
        assert set(CheckRun.objects.values_list("subject_id", flat=True)) == {server.pk, item.pk}
        assert set(CheckRun.objects.values_list("requested_by", flat=True)) == {ACTOR.name}

    def test_while_a_check_waits_adds_none(self) -> None:
        server = incoming()
        waiting = run_of(server)
        save(server)
        check_now(actor=ACTOR, targets=targets_of(Kind.INCOMING, server.pk))
        assert [run.pk for run in CheckRun.objects.all()] == [waiting.pk]

    def test_during_a_check_queues_one_that_waits_for_it_and_sees_the_new_values(self, tenant: DemoTenant) -> None:
        steps = first_steps(tenant.world)
        server = incoming(tenant_id=steps["tenant"], client_id=uuid.uuid4(), secret=steps["secret"])
        first = claimed(run_of(server))
        server.client_id = uuid.UUID(steps["client_id"])
        incoming_server_save(actor=ACTOR, server=server, secret=Secret(steps["secret"]), version=server.version)
        second = run_of(server)
        assert second.pk != first.pk
        assert claim(second.pk) is None

        finish(first, GOOD, summary="")
        perform_run(second.pk)
        second.refresh_from_db()
        assert (second.client_id, second.result.status) == (steps["client_id"], "ok")

    def test_is_not_held_up_by_the_right_to_run_checks_but_check_now_is(self) -> None:
        server = incoming()
        nobody = Actor(id="0", name="nobody")
        with pytest.raises(PermissionDenied):
            check_now(actor=nobody, targets=targets_of(Kind.INCOMING, server.pk))
        assert check_now(actor=Actor.of(person("admin")), targets=targets_of(Kind.INCOMING, server.pk))


class TestDeletedSubject:
    """A run whose subject is gone ends, and shows."""

    def test_waiting_run_goes_with_it(self) -> None:
        server = incoming()
        incoming_server_delete(actor=ACTOR, server=server, version=server.version)
        assert not CheckRun.objects.exists()

    def test_running_run_still_ends_with_its_result(self, signed_in: As) -> None:
        server = incoming()
        run = claimed(run_of(server))
        incoming_server_delete(actor=ACTOR, server=server, version=server.version)
        assert finish(run, GOOD, summary="") is not None
        assert signed_in("support").get(run.get_absolute_url()).status_code == 200

    def test_run_that_finds_nothing_ends_without_result(self, signed_in: As) -> None:
        run = queued()
        perform_run(run.pk)
        run.refresh_from_db()
        assert (run.state, run.lease_until, CheckResult.objects.count()) == ("done", None, 0)
        assert signed_in("support").get(run.get_absolute_url()).status_code == 200


class TestSweep:
    """Which runs the sweeper rings for, and which it gives up."""

    def test_rings_for_what_nobody_heard(self) -> None:
        heard, unclaimed = queued(notified_at=Now()), queued()
        forgotten = queued(notified_at=Now() - timedelta(minutes=1))
        assert sweep_runs() == 2
        assert sweep_runs() == 0
        heard.refresh_from_db()
        again = CheckRun.objects.filter(notified_at__gt=heard.notified_at)
        assert {run.pk for run in again} == {unclaimed.pk, forgotten.pk}

    def test_rings_for_a_run_that_lost_its_worker_and_leaves_one_that_has_it(self) -> None:
        claimed(queued(notified_at=Now()))
        assert sweep_runs() == 0
        lapse()
        assert sweep_runs() == 1

    def test_gives_a_run_up_that_lost_its_worker_three_times(self) -> None:
        server = incoming()
        run = run_of(server)
        CheckRun.objects.update(notified_at=None)
        for _ in range(ATTEMPTS):
            assert sweep_runs() == 1
            run = claimed(run)
            save_stage(run, StageResult("settings", "ok"))
            lapse()
        sweep_runs()
        assert sweep_runs() == 0

        result = CheckResult.objects.get(run=run)
        assert (result.run.state, result.attempt, result.cause) == ("dead", ATTEMPTS, "internal.worker_lost")
        assert [(stage["stage"], stage["outcome"]) for stage in result.stages] == [
            ("settings", "ok"),
            ("tenant", "broken"),
            ("token", "not_reached"),
            ("claims", "not_reached"),
            ("mailbox", "not_reached"),
            ("send", "not_reached"),
            ("expiry", "not_reached"),
        ]
        server.refresh_from_db()
        assert server.status == "broken"
        assert "given up" in server.status_summary
        save(server)
        assert claimed(run_of(server)).attempt == 1


class TestDeadLetterOnScreen:
    """Support sees a given-up check with its cause."""

    def test_says_so(self, signed_in: As) -> None:
        server = incoming()
        for _ in range(ATTEMPTS):
            claimed(run_of(server))
            lapse()
        sweep_runs()
        page = signed_in("support").get(run_of(server).get_absolute_url()).content.decode()
        assert "broken off three times" in page
        assert "Given up" in page
