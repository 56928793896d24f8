"""The test of a next secret, and a test mail that leaves once."""

import html
import re
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
from mailsettings import rotation
from mailsettings.models import IncomingServer, OutgoingServer
from mailsettings.services import outgoing_server_save
from queues.models import QueueAddress
from tests.mailsettings.slots import FIRST, KINDS, SECOND, again, day, server_of, texts, with_next
from tests.mailsettings.test_rotation_page import act, block, block_in
from tests.people import ACTOR, As, address, incoming, outgoing, queue
from tests.tokenchecks.runs import lapse
from tests.tokenchecks.trials import WRONG, stage, user_server
from tokenchecks import perform, services
from tokenchecks.engine.results import Outcome, StageResult
from tokenchecks.models import CheckResult, CheckRun, Purpose, State
from tokenchecks.trial_panel import trial_panel

pytestmark = pytest.mark.django_db
TO = "ada@contoso.example"


@pytest.fixture
def admin(signed_in: As) -> Client:
    """Return an administrator's browser."""
    return signed_in("admin")


def only(purpose: Purpose) -> CheckRun:
    """Return the one run of that purpose."""
    return CheckRun.objects.select_related("told").get(purpose=purpose)


def said_in(answer: Any) -> str:
    """Return what the answer says, without its tags."""
    return " ".join(re.sub(r"<[^>]*>", " ", html.unescape(answer.content.decode())).split())


def perform_only(purpose: Purpose) -> CheckRun:
    """Perform it in this process."""
    perform.perform(only(purpose).pk)
    return only(purpose)


@pytest.fixture
def server(tenant: DemoTenant) -> IncomingServer:
    """Return a server whose current secret is wrong."""
    steps = first_steps(tenant.world)
    return incoming(tenant_id=steps["tenant"], client_id=steps["client_id"], secret=WRONG)


class TestNextSecret:
    """Beside the current one, which stays in use."""

    def test_that_works_is_remembered_and_switched_to_without_a_tick(
        self, tenant: DemoTenant, server: IncomingServer, admin: Client
    ) -> None:
        secret = Secret(first_steps(tenant.world)["secret"])
        rotation.next_secret_set(actor=ACTOR, server=server, secret=secret)

        admin.post(reverse("tokenchecks:try_next_incoming", args=[server.pk]))
        run = perform_only(Purpose.NEXT_SECRET)

        assert stage(run, "token")["outcome"] == "ok"
        said = admin.get(server.get_absolute_url()).content.decode()
        assert "you can switch to it" in said
        assert "Tested" in said
        assert 'id="id_untested"' not in said
        stored = IncomingServer.objects.get()
        assert stored.next_secret_tested_at
        assert stored.secret_id == server.secret_id
        assert not CheckResult.objects.exists()

    def test_that_is_refused_is_not_remembered(self, server: IncomingServer, admin: Client) -> None:
        rotation.next_secret_set(actor=ACTOR, server=server, secret=Secret(f"{WRONG}2"))

        admin.post(reverse("tokenchecks:try_next_incoming", args=[server.pk]))
        run = perform_only(Purpose.NEXT_SECRET)

        assert "does not accept" in trial_panel(run).verdict
        decisive = trial_panel(run).panel.decisive
        assert decisive
        assert decisive.words
        assert (decisive.words.label, "in Next secret." in decisive.words.remedy) == ("Next secret", True)
        page, _, field = decisive.field_url.partition("#")
        assert f'id="{field}"' in admin.get(page).content.decode()
        assert IncomingServer.objects.get().next_secret_tested_at is None

    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize(
        ("class_", "slot", "tick", "refusal"),
        [
            (
                "secret",
                "✕ Refused Tested now: Microsoft refused it.",
                "Switch although Microsoft refused the next secret",
                "The next secret was refused by Microsoft when it was tested.",
            ),
            (
                "network",
                "▲ Not passed Tested now: the test did not pass, see its result.",
                "Switch although the next secret did not pass its test",
                "The next secret did not pass its test.",
            ),
        ],
    )
    def test_that_did_not_pass_is_told_until_its_run_is_tidied_away(
        self, kind: str, class_: str, slot: str, tick: str, refusal: str, admin: Client
    ) -> None:
        """The slot, the tick and the refusal of the switch say so, the answer to the page that follows the test too."""
        server = with_next(server_of(kind))
        rotation.next_secret_passed(server)
        run = services.next_secret_try(actor=ACTOR, server=server)
        claimed = services.claim(run.pk)
        assert claimed
        ended = Outcome((StageResult("token", "broken", cause="secret_wrong", class_=class_),))
        services.finish(claimed, ended, summary="")
        if class_ == "network":
            assert again(server).next_secret_tested_at  # what Microsoft once said, it has not taken back
            type(server).objects.update(next_secret_tested_at=None)

        said = block(admin, server)
        assert slot in re.sub(r"Tested .*?:", "Tested now:", said)
        assert tick in said
        followed = said_in(admin.get(run.get_absolute_url(), headers={"HX-Request": "true"}))
        assert slot in re.sub(r"Tested .*?:", "Tested now:", followed)
        assert tick in followed
        refused = act(admin, server, "switch", wipe_on=day(7))
        assert refused.status_code == 422
        assert refusal in block_in(refused)
        assert texts(server) == (FIRST, SECOND, "")

        CheckRun.objects.filter(pk=run.pk).delete()
        assert "Not tested." in block(admin, server)
        assert "The next secret was not tested." in block_in(act(admin, server, "switch", wipe_on=day(7)))
        assert act(admin, server, "switch", wipe_on=day(7), untested="on").status_code == 302

    def test_that_took_the_place_of_a_refused_one_is_not_tested(self, server: IncomingServer, admin: Client) -> None:
        rotation.next_secret_set(actor=ACTOR, server=server, secret=Secret(f"{WRONG}2"))
        admin.post(reverse("tokenchecks:try_next_incoming", args=[server.pk]))
        perform_only(Purpose.NEXT_SECRET)
        assert "Microsoft refused it" in block(admin, server)

        rotation.next_secret_set(actor=ACTOR, server=IncomingServer.objects.get(), secret=Secret(f"{WRONG}3"))

        assert "Not tested." in block(admin, server)

    def test_that_was_replaced_meanwhile_comes_to_nothing(
        self, tenant: DemoTenant, server: IncomingServer, admin: Client
    ) -> None:
        rotation.next_secret_set(actor=ACTOR, server=server, secret=Secret(first_steps(tenant.world)["secret"]))
        admin.post(reverse("tokenchecks:try_next_incoming", args=[server.pk]))
        rotation.next_secret_set(actor=ACTOR, server=IncomingServer.objects.get(), secret=Secret(f"{WRONG}2"))

        run = perform_only(Purpose.NEXT_SECRET)

        assert (run.state, run.progress) == (State.DONE, [])
        assert "came to nothing" not in admin.get(server.get_absolute_url()).content.decode()
        assert IncomingServer.objects.get().next_secret_tested_at is None

    def test_of_the_outgoing_server(self, tenant: DemoTenant, admin: Client) -> None:
        steps = first_steps(tenant.world)
        item = outgoing(tenant=steps["tenant"], server_user=steps["outgoing_client_id"])
        rotation.next_secret_set(actor=ACTOR, server=item, secret=Secret(steps["outgoing_secret"]))

        admin.post(reverse("tokenchecks:try_next_outgoing"))
        perform_only(Purpose.NEXT_SECRET)

        assert OutgoingServer.objects.get().next_secret_tested_at

    def test_of_the_outgoing_server_that_is_refused_names_its_own_field(
        self, tenant: DemoTenant, admin: Client
    ) -> None:
        steps = first_steps(tenant.world)
        item = outgoing(tenant=steps["tenant"], server_user=steps["outgoing_client_id"])
        rotation.next_secret_set(actor=ACTOR, server=item, secret=Secret(WRONG))

        admin.post(reverse("tokenchecks:try_next_outgoing"))
        decisive = trial_panel(perform_only(Purpose.NEXT_SECRET)).panel.decisive

        assert decisive
        assert decisive.words
        assert (decisive.words.label, "in Next secret." in decisive.words.remedy) == ("Next secret", True)
        page, _, field = decisive.field_url.partition("#")
        assert f'id="{field}"' in admin.get(page).content.decode()

    def test_asked_for_twice_runs_once_and_without_one_not_at_all(self, server: IncomingServer, admin: Client) -> None:
        url = reverse("tokenchecks:try_next_incoming", args=[server.pk])
        assert "There is no next secret" in admin.post(url, follow=True).content.decode()
        rotation.next_secret_set(actor=ACTOR, server=server, secret=Secret(f"{WRONG}2"))
        admin.post(url)
        admin.post(url)

        assert only(Purpose.NEXT_SECRET).state == State.QUEUED


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
    return address(server=own, address=steps["mailbox"], account=steps["mailbox"], sender=steps["mailbox"])


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
        assert event.after == {"from": sender.sender, "to": TO}
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

    def test_needs_a_sender(self, server: IncomingServer, admin: Client) -> None:
        item = address(server=server)

        assert "No Sender is entered" in self.send(admin, item).content.decode()
        assert not CheckRun.objects.filter(purpose=Purpose.TEST_MAIL).exists()

    def test_by_a_worker_lost_before_it_was_not_sent(self, sender: QueueAddress, admin: Client) -> None:
        self.send(admin, sender)
        assert services.claim(only(Purpose.TEST_MAIL).pk)
        lapse()
        services.sweep()

        run = only(Purpose.TEST_MAIL)
        assert (run.state, run.attempt) == (State.DEAD, 1)
        assert stage(run, "settings")["cause"] == "internal.mail_not_sent"

    def test_by_a_worker_lost_while_it_sent_may_have_left_and_is_never_repeated(
        self, tenant: DemoTenant, sender: QueueAddress, admin: Client
    ) -> None:
        self.send(admin, sender)
        run = services.claim(only(Purpose.TEST_MAIL).pk)
        assert run
        for name in ("settings", "tenant", "token", "claims", "mailbox"):
            services.stage_ended(run, StageResult(name, "ok"))
        lapse()
        services.sweep()
        perform.perform(run.pk)

        assert "not known whether the mail left" in trial_panel(only(Purpose.TEST_MAIL)).verdict
        assert taken(tenant) == []

    def test_that_waited_for_an_hour_is_not_sent_any_more(
        self, tenant: DemoTenant, sender: QueueAddress, admin: Client
    ) -> None:
        self.send(admin, sender)
        CheckRun.objects.update(requested_at=Now() - timedelta(minutes=61))
        services.sweep()

        perform_only(Purpose.TEST_MAIL)
        assert taken(tenant) == []

    def test_with_a_refused_password_is_not_tried(self, tenant: DemoTenant, admin: Client) -> None:
        own = incoming(**user_server(tenant))
        account = first_steps(tenant.world)["user_account"]
        item = address(server=own, address=account, account=account, sender=account, password="wr0ng horse")
        perform.perform(CheckRun.objects.get(subject_id=item.pk).pk)
        tenant.journal.clear()

        self.send(admin, item)
        run = perform_only(Purpose.TEST_MAIL)

        assert stage(run, "token")["class_"] == "password"
        assert trial_panel(run).verdict == "No mail was sent."
        assert not any(entry["password"] for entry in tenant.journal.entries)


def test_a_password_that_works_again_is_refused_no_more(tenant: DemoTenant, admin: Client) -> None:
    """What was refused once and is right by now is tried again before a save as after it."""
    own, home = incoming(**user_server(tenant)), queue()
    steps = first_steps(tenant.world)
    account, password = steps["user_account"], "fresh horse 12"
    item = address(server=own, queue=home, address=account, account=account, password=password)
    perform.perform(CheckRun.objects.get(subject_id=item.pk).pk)
    held = tenant.world.account(account)
    before, held.password = held.password, password
    try:
        values = {"address": account, "account": account, "server": own.pk, "version": item.version}
        admin.post(reverse("queues:address", args=[home.pk, item.pk]), values | {"password": password})
        perform.perform(CheckRun.objects.get(subject_id=item.pk, state="queued").pk)
        answer = admin.post(reverse("tokenchecks:try_address", args=[home.pk, item.pk]), values)
        perform.perform(answer.context["trial"].panel.run.pk)
        run = CheckRun.objects.get(purpose=Purpose.TRIAL)
        assert stage(run, "token")["outcome"] == "ok"
    finally:
        held.password = before
