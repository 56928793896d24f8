"""A check before save of a server: the same answer as after a save, and nothing saved."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from configurator.audit.models import AuditEvent
from demo.seed import first_steps
from demo.server import DemoTenant
from mailsettings.models import IncomingServer, OutgoingServer
from tests.people import address, incoming, outgoing
from tests.tokenchecks.trials import (
    WRONG,
    outgoing_typed,
    performed,
    press,
    sealed,
    server_typed,
    stage,
    stored,
    user_server,
)
from tokenchecks.models import CheckResult, CheckRun, RunInput, Span, Watch
from tokenchecks.screens.trials.panel import trial_panel

pytestmark = pytest.mark.django_db


class TestServer:
    """An incoming server that is not saved yet, or otherwise."""

    def test_that_works_passes_and_is_saved_nowhere(self, tenant: DemoTenant, admin: Client) -> None:
        run = performed(press(admin, "try_incoming_new", **server_typed(tenant)))

        assert [item["outcome"] for item in run.progress[:4]] == ["ok"] * 4
        assert trial_panel(run).panel.status == "ok"
        assert not IncomingServer.objects.exists()
        assert not any(model.objects.exists() for model in (CheckResult, Watch, Span, AuditEvent))
        assert sealed() == 0
        assert "a server has none of its own" in trial_panel(run).not_proved[0]

    def test_with_a_mailbox_has_that_opened_too(self, tenant: DemoTenant, admin: Client) -> None:
        mailbox = first_steps(tenant.world)["mailbox"]

        run = performed(press(admin, "try_incoming_new", **server_typed(tenant, mailbox=mailbox)))

        assert stage(run, "mailbox")["outcome"] == "ok"
        assert mailbox in trial_panel(run).not_proved[0]

    def test_with_a_mailbox_that_does_not_exist_names_the_field(self, tenant: DemoTenant, admin: Client) -> None:
        run = performed(press(admin, "try_incoming_new", **server_typed(tenant, mailbox="none@fjordlys.example")))

        assert stage(run, "mailbox")["outcome"] == "broken"
        beside = trial_panel(run, on_form=True)
        assert beside.input == "id_mailbox"
        assert "in Mailbox to try the primary address" in beside.says
        assert beside.panel.decisive
        assert beside.panel.decisive.words
        assert beside.panel.decisive.words.label == "Mailbox to try"

    def test_with_a_mailbox_is_told_what_a_check_of_a_server_is_told(self, tenant: DemoTenant, admin: Client) -> None:
        mailbox = first_steps(tenant.world)["mailbox"]
        ends = timezone.localdate() + timedelta(days=200)
        typed = server_typed(tenant, secret_expires_on=ends.isoformat())

        alone = performed(press(admin, "try_incoming_new", **typed))
        opened = performed(press(admin, "try_incoming_new", **typed | {"mailbox": mailbox}))

        assert "Ends in" in stage(alone, "expiry")["detail"]
        for name in ("send", "expiry"):
            assert stage(opened, name)["outcome"] == stage(alone, name)["outcome"]
            assert stage(opened, name)["detail"] == stage(alone, name)["detail"]

    def test_with_a_mailbox_whose_password_is_refused_leads_to_that_of_the_address(
        self, tenant: DemoTenant, admin: Client
    ) -> None:
        steps = first_steps(tenant.world)
        server, account = incoming(**user_server(tenant)), steps["user_account"]
        item = address(server=server, address=account, account=account, password="wr0ng horse")
        typed = server_typed(
            tenant, authentication_type="oauth_user", client_id=steps["user_client_id"], secret="", mailbox=account
        )

        panel = trial_panel(performed(press(admin, "try_incoming", server.pk, **typed)), on_form=True).panel

        assert panel.decisive
        assert panel.decisive.words
        assert panel.decisive.words.label == "E-Mail Password of the address"
        assert panel.decisive.field_url == f"{item.queue.get_absolute_url()}?address={item.pk}#id_address_password"

    def test_with_a_wrong_secret_says_so_beside_the_field(self, tenant: DemoTenant, admin: Client) -> None:
        run = performed(press(admin, "try_incoming_new", **server_typed(tenant, secret=WRONG)))

        beside = trial_panel(run, on_form=True)
        assert (beside.panel.status, beside.input) == ("broken", "id_secret")
        assert beside.says
        assert trial_panel(run).input == ""
        assert sealed() == 0

    def test_with_a_slip_gets_the_message_of_a_save_and_no_run(self, tenant: DemoTenant, admin: Client) -> None:
        answer = press(admin, "try_incoming_new", **server_typed(tenant, client_id="no guid", mailbox="nowhere"))

        assert answer.status_code == 422
        assert answer["HX-Retarget"] == "#main"
        assert answer.context["form"].errors.keys() == {"client_id"}
        assert not CheckRun.objects.exists()
        assert not RunInput.objects.exists()

    def test_with_a_slip_in_the_mailbox_alone_gets_a_message_there(self, tenant: DemoTenant, admin: Client) -> None:
        answer = press(admin, "try_incoming_new", **server_typed(tenant, mailbox="nowhere"))

        assert answer.status_code == 422
        assert b"Enter the full address with its domain" in answer.content

    def test_that_is_stored_uses_its_secret_where_that_may_go(self, tenant: DemoTenant, admin: Client) -> None:
        server = incoming(**stored(tenant))
        typed = server_typed(tenant, name="Another name", secret="")

        run = performed(press(admin, "try_incoming", server.pk, **typed))

        assert stage(run, "token")["outcome"] == "ok"
        assert IncomingServer.objects.get().name != "Another name"
        assert sealed() == 1

    def test_that_points_elsewhere_needs_its_secret_again(self, tenant: DemoTenant, admin: Client) -> None:
        server = incoming(**stored(tenant))
        before = len(tenant.journal.entries)

        answer = press(admin, "try_incoming", server.pk, **server_typed(tenant, secret="", client_id=str(server.pk)))

        assert answer.status_code == 422
        assert "Enter it again" in str(answer.context["form"].errors["secret"])
        assert len(tenant.journal.entries) == before

    def test_that_is_deleted_meanwhile_comes_to_nothing(self, tenant: DemoTenant, admin: Client) -> None:
        server = incoming(**stored(tenant))
        answer = press(admin, "try_incoming", server.pk, **server_typed(tenant))
        CheckRun.objects.filter(purpose="check").delete()
        secret = server.secret
        server.delete()
        assert secret
        secret.delete()

        run = performed(answer)

        assert (run.state, run.progress) == ("done", [])
        assert "came to nothing" in trial_panel(run).verdict
        assert sealed() == 0

    def test_with_oauth_user_sends_no_secret_and_tries_its_own_addresses(
        self, tenant: DemoTenant, admin: Client
    ) -> None:
        server = incoming(**user_server(tenant))
        steps = first_steps(tenant.world)
        account, password = steps["user_account"], steps["user_password"]
        address(server=server, address=account, account=account, password=password)
        typed = server_typed(
            tenant, authentication_type="oauth_user", client_id=steps["user_client_id"], secret="", mailbox=account
        )

        run = performed(press(admin, "try_incoming", server.pk, **typed))
        refused = press(admin, "try_incoming", server.pk, **typed | {"mailbox": "other@fjordlys.example"})

        assert stage(run, "mailbox")["outcome"] == "ok"
        assert refused.status_code == 422
        assert "one of this server&#x27;s addresses" in refused.content.decode()

    def test_a_change_with_an_impact_is_tried_without_being_confirmed(self, tenant: DemoTenant, admin: Client) -> None:
        server = incoming(**user_server(tenant))
        account = first_steps(tenant.world)["user_account"]
        address(server=server, address=account, account=account, password="corr3ct horse")

        answer = press(admin, "try_incoming", server.pk, **server_typed(tenant))

        assert answer.status_code == 200
        assert stage(performed(answer), "token")["outcome"] == "ok"


class TestOutgoing:
    """The outgoing server."""

    def test_that_works_passes(self, tenant: DemoTenant, admin: Client) -> None:
        run = performed(press(admin, "try_outgoing", **outgoing_typed(tenant)))

        assert trial_panel(run).panel.status == "ok"
        assert not OutgoingServer.objects.exists()
        assert sealed() == 0
        assert "none was sent" in trial_panel(run).not_proved[0]

    def test_keeps_the_stored_password_for_where_it_was_given(self, tenant: DemoTenant, admin: Client) -> None:
        steps = first_steps(tenant.world)
        outgoing(tenant=steps["tenant"], server_user=steps["outgoing_client_id"])
        typed = outgoing_typed(tenant, password="", version="1")
        del typed["set_password"]

        kept = performed(press(admin, "try_outgoing", **typed))
        elsewhere = press(admin, "try_outgoing", **typed | {"tenant": "contoso.example"})

        # The stored one is not the app's, so that it is seen to have been sent.
        assert stage(kept, "token")["cause"].startswith("secret")
        assert elsewhere.status_code == 422
