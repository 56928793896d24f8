"""A test mail that leaves once."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from configurator.audit.models import AuditEvent
from configurator.vault.text import Secret
from demo.seed import first_steps
from demo.server import DemoTenant
from mailsettings.models import OutgoingServer
from mailsettings.services import outgoing_server_save
from queues.models import QueueAddress
from tests.people import ACTOR, address, incoming, outgoing
from tests.tokenchecks.runs import lapse
from tests.tokenchecks.trials import only, perform_only, stage, user_server
from tokenchecks.engine.results import StageResult
from tokenchecks.models import CheckRun, Purpose, State
from tokenchecks.screens.trials.panel import trial_panel
from tokenchecks.worker.check import perform_run
from tokenchecks.worker.claim import claim, save_stage
from tokenchecks.worker.sweep import sweep_runs

pytestmark = pytest.mark.django_db
TO = "ada@contoso.example"


def store_outgoing(tenant: DemoTenant) -> None:
    """Store the outgoing server with the secret that works."""
    steps = first_steps(tenant.world)
    item = OutgoingServer(
        pk=OutgoingServer.SINGLE,
        enabled=True,
        tenant=steps["tenant"],
        server_user=steps["outgoing_client_id"],
    )
    outgoing_server_save(actor=ACTOR, server=item, password=Secret(steps["outgoing_secret"]))


@pytest.fixture
def sender(tenant: DemoTenant) -> QueueAddress:
    """Return an address that may send, as the demo's service app."""
    steps = first_steps(tenant.world)
    own = incoming(tenant_id=steps["tenant"], client_id=steps["client_id"], secret=steps["secret"])
    return address(server=own, address=steps["mailbox"], account=steps["mailbox"], sender=True)


def typed(**values: Any) -> dict[str, Any]:
    """Return what is typed to send a mail."""
    return {"key": str(uuid.uuid4()), "recipient": TO, "confirmed": "on"} | values


def taken(tenant: DemoTenant) -> list[Any]:
    """Return the mails that the tenant took since the test began, by recipients."""
    return [entry["recipients"] for entry in tenant.journal.entries if entry["recipients"] == [TO]]


class TestTestMail:
    """One mail, once."""

    @pytest.fixture(autouse=True)
    def as_new(self, tenant: DemoTenant) -> None:
        """Forget the mails of other tests."""
        tenant.journal.clear()

    def send(self, client: Client, item: QueueAddress, **values: Any) -> Any:
        """Send the form of the address."""
        return client.post(reverse("tokenchecks:test_mail_address", args=[item.pk]), typed(**values))

    def test_leaves_and_is_in_the_audit_log(self, tenant: DemoTenant, sender: QueueAddress, admin: Client) -> None:
        answer = self.send(admin, sender)
        run = perform_only(Purpose.TEST_MAIL)

        assert answer["Location"] == run.get_absolute_url()
        assert taken(tenant) == [[TO]]
        event = AuditEvent.objects.order_by("-seq")[0]
        assert (event.actor_name, event.action, event.object_id) == ("admin", "test mail", str(sender.pk))
        assert event.after == {"from": sender.account, "to": TO}
        assert "Exchange took the mail" in admin.get(run.get_absolute_url()).content.decode()
        assert "Test mail" in admin.get("/audit-log/").content.decode()
        # The save queued one check; the event of the mail queued none.
        assert CheckRun.objects.filter(purpose="check", kind="address").count() == 1

    def test_goes_through_the_outgoing_server_from_a_queues_address(
        self, tenant: DemoTenant, sender: QueueAddress, admin: Client
    ) -> None:
        steps = first_steps(tenant.world)
        url = reverse("tokenchecks:test_mail_outgoing")
        assert admin.get(url).status_code == 404
        outgoing(tenant=steps["tenant"], server_user=steps["outgoing_client_id"])
        assert "choose one of those" in admin.post(url, typed(sender="x@contoso.example")).content.decode()
        OutgoingServer.objects.all().delete()
        store_outgoing(tenant)

        assert admin.post(url, typed(sender=sender.address)).status_code == 302
        perform_only(Purpose.TEST_MAIL)

        assert taken(tenant) == [[TO]]

    @pytest.mark.parametrize("missing", ["recipient", "confirmed"])
    def test_is_not_sent_until_it_is_complete_and_confirmed(
        self, missing: str, sender: QueueAddress, admin: Client
    ) -> None:
        answer = self.send(admin, sender, **{missing: ""})

        assert answer.status_code == 422
        assert answer.context["form"].errors.keys() == {missing}
        assert not CheckRun.objects.filter(purpose=Purpose.TEST_MAIL).exists()

    def test_sent_twice_by_one_form_leaves_once(self, tenant: DemoTenant, sender: QueueAddress, admin: Client) -> None:
        key = str(uuid.uuid4())
        first = self.send(admin, sender, key=key)
        perform_only(Purpose.TEST_MAIL)
        second = self.send(admin, sender, key=key)

        assert first["Location"] == second["Location"]
        assert only(Purpose.TEST_MAIL).state == State.DONE
        assert taken(tenant) == [[TO]]

    def test_a_second_wish_waits_for_the_first(self, sender: QueueAddress, admin: Client) -> None:
        self.send(admin, sender)
        answer = self.send(admin, sender)

        assert answer.status_code == 409
        assert b"still on its way" in answer.content
        only(Purpose.TEST_MAIL)

    def test_an_others_key_is_not_taken_over(self, sender: QueueAddress, admin: Client) -> None:
        known = CheckRun.objects.get(subject_id=sender.pk)
        self.send(admin, sender, key=str(known.pk))

        assert only(Purpose.TEST_MAIL).pk != known.pk

    def test_needs_a_sender(self, admin: Client) -> None:
        item = address()

        assert "Sender is not ticked" in self.send(admin, item).content.decode()
        assert not CheckRun.objects.filter(purpose=Purpose.TEST_MAIL).exists()

    def test_by_a_worker_lost_before_it_was_not_sent(self, sender: QueueAddress, admin: Client) -> None:
        self.send(admin, sender)
        assert claim(only(Purpose.TEST_MAIL).pk)
        lapse()
        sweep_runs()

        run = only(Purpose.TEST_MAIL)
        assert (run.state, run.attempt) == (State.DEAD, 1)
        assert stage(run, "settings")["cause"] == "internal.mail_not_sent"

    def test_by_a_worker_lost_while_it_sent_may_have_left_and_is_never_repeated(
        self, tenant: DemoTenant, sender: QueueAddress, admin: Client
    ) -> None:
        self.send(admin, sender)
        run = claim(only(Purpose.TEST_MAIL).pk)
        assert run
        for name in ("settings", "tenant", "token", "claims", "mailbox"):
            save_stage(run, StageResult(name, "ok"))
        lapse()
        sweep_runs()
        perform_run(run.pk)

        assert "not known whether the mail left" in trial_panel(only(Purpose.TEST_MAIL)).verdict
        assert taken(tenant) == []

    def test_that_waited_for_an_hour_is_not_sent_any_more(
        self, tenant: DemoTenant, sender: QueueAddress, admin: Client
    ) -> None:
        self.send(admin, sender)
        CheckRun.objects.update(requested_at=Now() - timedelta(minutes=61))
        sweep_runs()

        perform_only(Purpose.TEST_MAIL)
        assert taken(tenant) == []

    def test_with_a_refused_password_is_not_tried(self, tenant: DemoTenant, admin: Client) -> None:
        own = incoming(**user_server(tenant))
        account = first_steps(tenant.world)["user_account"]
        item = address(server=own, address=account, account=account, sender=True, password="wr0ng horse")
        perform_run(CheckRun.objects.get(subject_id=item.pk).pk)
        tenant.journal.clear()

        self.send(admin, item)
        run = perform_only(Purpose.TEST_MAIL)

        assert stage(run, "token")["class_"] == "password"
        assert trial_panel(run).verdict == "No mail was sent."
        assert not any(entry["password"] for entry in tenant.journal.entries)
