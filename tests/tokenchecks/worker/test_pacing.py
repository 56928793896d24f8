"""How gently Microsoft is asked: one token for all who share it, no password twice, and pauses that all keep."""

import uuid
from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from configurator.vault.text import Secret
from demo.seed import first_steps
from demo.server import DemoTenant
from mailsettings.models import IncomingServer
from queues.models import QueueAddress
from queues.services import address_save
from tests.people import ACTOR, As, address, incoming, queue
from tests.worker import WorkerProcess, wait_for
from tokenchecks.models import CheckResult, CheckRun, Credential, Kind, State, Watch
from tokenchecks.services.queue import check_now, checks_queue, watch
from tokenchecks.subjects.targets import targets_of
from tokenchecks.worker.check import perform_run
from tokenchecks.worker.claim import claim_batch, defer
from tokenchecks.worker.schedule import queue_due_checks
from tokenchecks.worker.sweep import sweep_runs

pytestmark = pytest.mark.django_db
ANNA = "anna.lindqvist@halden-energie.example"
MANY = 500


def good_server(tenant: DemoTenant, **values: str) -> IncomingServer:
    """Store a server that the demo tenant gives tokens to."""
    steps = first_steps(tenant.world)
    given = {"tenant_id": uuid.UUID(steps["tenant"]), "client_id": uuid.UUID(steps["client_id"])}
    return incoming(**given | {"secret": steps["secret"]} | values)


def personal(tenant: DemoTenant, password: str) -> QueueAddress:
    """Store an address that signs in as Anna."""
    halden = next(known for known in tenant.world.tenants.values() if ANNA in known.accounts)
    app = next(app for app in halden.apps.values() if app.public_client_flows and app.consented)
    server = incoming(authentication_type="oauth_user", tenant_id=halden.id, client_id=app.client_id)
    return address(server=server, address=ANNA, password=password)


def fill(server: IncomingServer, count: int) -> None:
    """Store that many addresses on the server, watched from now on."""
    home = queue()
    names = [f"box{number}@fjordlys.example" for number in range(count)]
    QueueAddress.objects.bulk_create(
        QueueAddress(queue=home, server=server, address=name, address_key=name, account=name) for name in names
    )
    watch(targets_of(Kind.INCOMING, server.pk))


def work() -> None:
    """Do what workers would: perform runs until none can be begun."""
    while run := CheckRun.objects.free().filter(state=State.QUEUED).first():
        perform_run(run.pk)


def next_round() -> int:
    """Let the time pass until everything is due, queue it and perform it; return how many were queued."""
    CheckRun.objects.filter(state=State.QUEUED).delete()
    Watch.objects.update(due_at=Now())
    Credential.objects.update(asked_at=Now() - timedelta(hours=1), held_until=None)
    queued = queue_due_checks()
    work()
    return queued


def test_500_addresses_on_one_credential_ask_for_one_token_in_a_round(tenant: DemoTenant) -> None:
    server = good_server(tenant)
    fill(server, MANY)
    tenant.journal.clear()
    assert next_round() == MANY + 1
    assert CheckResult.objects.count() == MANY + 1
    assert tenant.journal.counts["token"] == 1
    assert tenant.journal.counts["discovery"] <= 2
    assert tenant.journal.counts["graph"] >= MANY


@pytest.mark.django_db(transaction=True)
def test_a_worker_with_threads_asks_once_too(worker: WorkerProcess, tenant: DemoTenant) -> None:
    server = good_server(tenant)
    fill(server, 60)
    wait_for(lambda: not CheckRun.objects.filter(state__in=["queued", "running"]).exists())
    Watch.objects.update(due_at=Now())
    Credential.objects.update(asked_at=Now() - timedelta(hours=1))
    tenant.journal.clear()
    queue_due_checks()
    wait_for(lambda: CheckResult.objects.filter(run__requested_by="").count() == 61)
    assert tenant.journal.counts["token"] == 1


def test_two_servers_with_the_same_secret_share_a_token_and_one_with_another_does_not(tenant: DemoTenant) -> None:
    for name in ("one", "two"):
        good_server(tenant, name=name)
    good_server(tenant, name="three", secret="another~8Q-secret-of-the-app-x-y-z")
    tenant.journal.clear()
    next_round()
    assert tenant.journal.counts["token"] == 2
    assert dict(CheckResult.objects.values_list("run__subject_name", "status")) == {
        "one": "ok",
        "two": "ok",
        "three": "broken",
    }


def test_a_secret_changed_at_the_token_server_is_seen_by_the_next_round(tenant: DemoTenant) -> None:
    server = good_server(tenant)
    next_round()
    held = tenant.world.app(str(server.client_id)).secrets[0]
    before = held.value
    held.value = "changed~8Q-by-the-entra-administrator"
    try:
        next_round()
    finally:
        held.value = before
    assert [result.code for result in CheckResult.objects.order_by("at")] == ["", "AADSTS7000215"]


def test_a_wrong_password_is_sent_once_in_three_rounds_and_again_when_entered_anew(tenant: DemoTenant) -> None:
    item = personal(tenant, "wrong")
    tenant.journal.clear()
    for _ in range(3):
        next_round()
    check_now(actor=ACTOR, targets=targets_of(Kind.ADDRESS, item.pk))
    work()
    results = CheckResult.objects.filter(kind=Kind.ADDRESS)
    assert [result.code for result in results] == ["AADSTS50126"] * 4
    assert tenant.journal.counts["token"] == 1
    token = results.order_by("at").last().stages[2]  # type: ignore[union-attr]  # counted above
    assert "Not sent again" in token["detail"]

    for password in ("wrong", "wrong too"):
        address_save(
            actor=ACTOR, address=item, password=Secret(password), version=QueueAddress.objects.get(pk=item.pk).version
        )
        work()
    assert tenant.journal.counts["token"] == 3


def test_addresses_that_share_an_account_send_its_wrong_password_once(tenant: DemoTenant) -> None:
    first = personal(tenant, "wrong")
    for number in range(3):
        name = f"shared{number}@halden-energie.example"
        address(server=first.server, address=name, account=ANNA, password="wrong")
    CheckRun.objects.all().delete()
    tenant.journal.clear()
    next_round()
    assert tenant.journal.counts["token"] == 1
    assert CheckResult.objects.filter(kind=Kind.ADDRESS, code="AADSTS50126").count() == 4


class TestHolds:
    """A wish of Microsoft's binds everybody, our own pauses bind the schedule."""

    @pytest.fixture
    def server(self, tenant: DemoTenant) -> IncomingServer:
        server = good_server(tenant)
        CheckRun.objects.all().delete()
        return server

    @staticmethod
    def ask(server: IncomingServer) -> CheckRun:
        """Ask as a person does, and let a worker come by."""
        [run] = check_now(actor=ACTOR, targets=targets_of(Kind.INCOMING, server.pk))
        work()
        run.refresh_from_db()
        return run

    def test_retry_after_is_kept_by_all_and_shown(
        self, server: IncomingServer, tenant: DemoTenant, signed_in: As
    ) -> None:
        tenant.fault(kind="throttle", match={"endpoint": "token"}, retry_after=120, times=1)
        assert self.ask(server).result.error_class == "throttle"
        tenant.journal.clear()
        run = self.ask(server)
        assert (run.state, run.attempt) == (State.QUEUED, 0)
        assert run.not_before is not None
        assert timedelta(seconds=100) < run.not_before - timezone.now() < timedelta(seconds=121)
        assert sweep_runs() == 0
        assert tenant.journal.counts == {}
        page = signed_in("support").get(server.get_absolute_url()).content.decode()
        assert "Microsoft is not asked too often" in page

        CheckRun.objects.update(not_before=Now())
        Credential.objects.update(held_until=Now())
        work()
        run.refresh_from_db()
        assert (run.result.status, run.attempt) == ("ok", 1)

    def test_a_throttled_mailbox_holds_up_no_other(self, server: IncomingServer, tenant: DemoTenant) -> None:
        boxes = [address(server=server, address=f"box{number}@fjordlys.example") for number in range(2)]
        CheckRun.objects.all().delete()
        tenant.fault(kind="throttle", match={"mailbox": boxes[0].address}, retry_after=600)
        for box in boxes:
            check_now(actor=ACTOR, targets=targets_of(Kind.ADDRESS, box.pk))
        work()
        assert set(CheckResult.objects.filter(kind=Kind.ADDRESS).values_list("subject_id", flat=True)) == {
            box.pk for box in boxes
        }
        [again] = check_now(actor=ACTOR, targets=targets_of(Kind.ADDRESS, boxes[1].pk))
        work()
        again.refresh_from_db()
        assert again.state == State.DONE

    def test_a_lock_out_stops_for_an_hour(self, tenant: DemoTenant) -> None:
        item = personal(tenant, "right or wrong")
        CheckRun.objects.all().delete()
        tenant.fault(kind="aadsts", code=50053, match={"username": ANNA}, times=1)
        for _ in range(2):
            [run] = check_now(actor=ACTOR, targets=targets_of(Kind.ADDRESS, item.pk))
            work()
        run.refresh_from_db()
        assert run.not_before is not None
        assert run.not_before - timezone.now() > timedelta(minutes=55)

    def test_trouble_makes_the_schedule_step_back_further_each_time_but_no_person(
        self, server: IncomingServer, tenant: DemoTenant
    ) -> None:
        tenant.fault(kind="status", match={"endpoint": "token"}, status=503)
        pauses = []
        for _ in range(3):
            next_round()
            held = Credential.objects.get().held_until
            assert held is not None
            pauses.append(held - timezone.now())
        assert pauses[0] * 1.3 < pauses[1] < pauses[2] / 1.3
        assert self.ask(server).state == State.DONE
        tenant.faults.clear()
        assert self.ask(server).result.status == "ok"
        assert Credential.objects.get().failures == 0

    def test_the_schedule_asks_once_a_minute_at_most(self, server: IncomingServer, tenant: DemoTenant) -> None:
        assert self.ask(server).state == State.DONE
        Watch.objects.update(due_at=Now())
        queue_due_checks()
        tenant.journal.clear()
        work()
        run = CheckRun.objects.get(requested_by="")
        assert (run.state, run.attempt, tenant.journal.counts) == (State.QUEUED, 0, {})

    def test_a_held_run_gives_way_to_a_newer_one(self, server: IncomingServer) -> None:
        [target] = targets_of(Kind.INCOMING, server.pk)
        [run] = checks_queue(targets=[target], requested_by="")
        [mine] = claim_batch(run.pk)
        newer = self.newer(server)
        defer([mine], timezone.now() + timedelta(minutes=1))
        run.refresh_from_db()
        assert (run.state, newer.state) == (State.DONE, State.QUEUED)

    @staticmethod
    def newer(server: IncomingServer) -> CheckRun:
        [run] = check_now(actor=ACTOR, targets=targets_of(Kind.INCOMING, server.pk))
        return run
