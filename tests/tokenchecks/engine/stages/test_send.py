"""The right to send, looked up in the token; and a test mail, which is a separate act."""

import json
from dataclasses import replace
from typing import Any

import pytest

from configurator.vault.text import Secret
from demo import names
from demo.server import DemoTenant
from demo.world import Tenant
from tests.tokenchecks.engine.conftest import Make, pairs
from tokenchecks.engine.microsoft.batch_cache import SharedGateway
from tokenchecks.engine.microsoft.entra import Gateway
from tokenchecks.engine.results import StageResult
from tokenchecks.engine.stages.check import run, send_test_mail
from tokenchecks.engine.subject import Subject

ENTRA, EXCHANGE, HERE = "Entra administrator", "Exchange administrator", "console administrator"
BOX = names.SHARED_MAILBOXES[0]
ANNA = "anna.lindqvist@halden-energie.example"
TO = "someone@contoso.example"


def send_stage(gateway: Gateway, subject: Any) -> StageResult:
    return run(subject, gateway).stages[5]


@pytest.mark.parametrize("changes", [{"sender": True}, {"kind": "outgoing", "mailbox": None}])
def test_it_is_in_the_token(gateway: Gateway, service: Make, tenant: DemoTenant, changes: dict[str, Any]) -> None:
    result = send_stage(gateway, service(**changes))
    assert (result.outcome, result.detail) == ("ok", "Mail.Send in the token; nothing was sent")
    assert not any(entry["recipients"] for entry in tenant.journal.entries)


def test_it_is_missing(gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
    tenant.world.app(names.SERVICE_APP).roles = ["Mail.ReadWrite"]
    result = send_stage(gateway, service(kind="outgoing", mailbox=None))
    assert (result.outcome, result.code, result.who) == ("warning", "send_role_missing", ENTRA)
    assert result.detail == "In the token: Mail.ReadWrite"


def test_an_accounts_scope_counts(gateway: Gateway, user: Make, tenant: DemoTenant) -> None:
    assert send_stage(gateway, user(sender=True)).outcome == "ok"
    tenant.fault(kind="claims", fields={"scp": "Mail.ReadWrite", "roles": ["Mail.Send"]})
    assert send_stage(gateway, user(sender=True)).code == "sender_role_missing"


def test_a_token_that_cannot_be_read(gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
    tenant.fault(kind="opaque")
    assert send_stage(gateway, service(kind="outgoing", mailbox=None)).code == "claims_unreadable"


def test_who_sends_nothing_needs_no_right(gateway: Gateway, service: Make) -> None:
    assert send_stage(gateway, service()).outcome == "not_needed"


@pytest.fixture
def outgoing(halden: Tenant) -> Make:
    """Makes the subject that the outgoing server is, with the changes asked for."""

    def make(**changes: Any) -> Subject:
        subject = Subject(
            kind="outgoing",
            name="External Outgoing Mail Server",
            login_host="login.microsoftonline.com",
            tenant=halden.id,
            client_id=names.OUTGOING_APP,
            authentication_type="oauth_service",
            secret=Secret(halden.apps[names.OUTGOING_APP].secrets[0].value),
        )
        return replace(subject, **changes)

    return make


class TestWhichAppSends:
    """The outgoing server's where it is enabled for the same tenant, else the e-mail server's; a warning at worst."""

    @pytest.mark.parametrize("place", ["tenant ID", "domain name"])
    @pytest.mark.parametrize("by", ["service", "user"])
    def test_the_outgoing_servers(
        self, request: pytest.FixtureRequest, gateway: Gateway, outgoing: Make, halden: Tenant, by: str, place: str
    ) -> None:
        other = outgoing(tenant=halden.id.upper() if place == "tenant ID" else halden.domains[0])
        subject = request.getfixturevalue(by)(sender=True, outgoing=other)
        halden.apps[names.SERVICE_APP].roles = ["Mail.ReadWrite"]
        found = send_stage(gateway, subject)
        told = f"Mail.Send in the token of the app {names.OUTGOING_APP} of the External Outgoing Mail Server; "
        assert (found.outcome, found.detail) == ("ok", f"{told}nothing was sent")
        assert any(names.OUTGOING_APP in asked for asked in found.asked)

        halden.apps[names.OUTGOING_APP].roles = ["Application.Read.All"]
        outcome = run(subject, gateway)
        missing = outcome.stages[5]
        assert (outcome.status, missing.outcome) == ("warning", "warning")
        assert (missing.cause, missing.who) == ("outgoing_role_missing", ENTRA)
        assert f"Looked at: the app {names.OUTGOING_APP} of the External Outgoing Mail Server." in missing.detail
        assert f"The app {subject.client_id} of the e-mail server" in missing.detail
        assert missing.detail.endswith("would do too")

    def test_the_e_mail_servers_where_none_is_enabled(
        self, gateway: Gateway, service: Make, tenant: DemoTenant
    ) -> None:
        tenant.world.app(names.SERVICE_APP).roles = ["Mail.ReadWrite"]
        outcome = run(service(sender=True), gateway)
        missing = outcome.stages[5]
        assert (outcome.status, missing.cause, missing.who) == ("warning", "sender_role_missing", ENTRA)
        looked_at = f"Looked at: the app {names.SERVICE_APP} of the e-mail server. In its token: Mail.ReadWrite"
        assert looked_at in missing.detail
        assert "The app of the External Outgoing Mail Server would do too" in missing.detail

    @pytest.mark.parametrize(
        "changes",
        [
            {"tenant": names.FJORDLYS},
            {"tenant": "fjordlys.example"},
            {"tenant": "no-such-tenant.example"},
            {"login_host": "login.microsoftonline.us"},
        ],
    )
    def test_the_e_mail_servers_where_the_other_is_of_another_tenant(
        self, gateway: Gateway, service: Make, outgoing: Make, tenant: DemoTenant, changes: dict[str, Any]
    ) -> None:
        subject = service(sender=True, outgoing=outgoing(**changes))
        assert "of the app" not in send_stage(gateway, subject).detail
        tenant.world.app(names.SERVICE_APP).roles = ["Mail.ReadWrite"]
        missing = send_stage(gateway, subject)
        assert missing.cause == "sender_role_missing"
        other = f"The app {names.OUTGOING_APP} of the External Outgoing Mail Server is of another tenant"
        assert other in missing.detail

    @pytest.mark.parametrize("fault", [{"kind": "aadsts", "code": 7000222}, {"kind": "close", "part": "before"}])
    def test_one_that_gets_no_token_breaks_no_address(
        self, hasty: Gateway, service: Make, outgoing: Make, tenant: DemoTenant, fault: dict[str, Any]
    ) -> None:
        tenant.fault(**fault, match={"endpoint": "token", "client_id": names.OUTGOING_APP})
        outcome = run(service(sender=True, outgoing=outgoing()), hasty)
        found = outcome.stages[5]
        assert (outcome.status, found.cause, found.who) == ("warning", "outgoing_without_token", HERE)
        assert f"Looked at: the app {names.OUTGOING_APP}" in found.detail
        assert ("AADSTS7000222" in found.detail) == ("code" in fault)

    def test_its_secret_is_repeated_nowhere(
        self, gateway: Gateway, service: Make, outgoing: Make, tenant: DemoTenant
    ) -> None:
        subject = service(sender=True, outgoing=outgoing())
        tenant.fault(kind="echo_secret", match={"endpoint": "token", "client_id": names.OUTGOING_APP})
        outcome = run(subject, gateway)
        assert outcome.status == "warning"
        assert subject.outgoing
        assert subject.outgoing.secret
        for said in (repr(outcome), repr(subject)):
            assert subject.outgoing.secret.reveal() not in said

    def test_a_batch_asks_for_its_token_once(
        self, gateway: Gateway, service: Make, outgoing: Make, tenant: DemoTenant
    ) -> None:
        shared = SharedGateway(gateway)
        for box in names.SHARED_MAILBOXES[:3]:
            subject = service(sender=True, mailbox=box, account=box, outgoing=outgoing())
            assert send_stage(shared, subject).outcome == "ok"
        asked = [entry["client_id"] for entry in tenant.journal.entries if entry["endpoint"] == "token"]
        assert sorted(asked) == sorted([names.SERVICE_APP, names.OUTGOING_APP])

    def test_a_test_mail_leaves_by_it(
        self, gateway: Gateway, user: Make, outgoing: Make, tenant: DemoTenant, halden: Tenant
    ) -> None:
        subject = user(sender=True, outgoing=outgoing())
        assert send_test_mail(subject, gateway, ANNA, TO).stages[5].outcome == "ok"
        sent = tenant.journal.entries[-1]
        assert (sent["mailbox"], sent["recipients"]) == (ANNA, [TO])
        halden.apps[names.OUTGOING_APP].roles = []
        assert send_test_mail(subject, gateway, ANNA, TO).stages[5].cause == "send_role_missing"
        tenant.fault(kind="aadsts", code=7000222, match={"client_id": names.OUTGOING_APP})
        refused = send_test_mail(subject, gateway, ANNA, TO).stages[5]
        assert (refused.outcome, refused.cause) == ("broken", "outgoing_without_token")


def test_a_mailbox_that_does_not_open_says_nothing_of_it(gateway: Gateway, service: Make, halden: Tenant) -> None:
    halden.mailboxes[BOX].state = "unlicensed"
    outcome = run(service(sender=True), gateway)
    assert [result.outcome for result in outcome.stages[4:]] == ["broken", "ok", "not_needed"]
    assert outcome.decisive == outcome.stages[4]


class TestTestMail:
    """Sent once, on a connection of its own, and refused in words."""

    def test_it_leaves(self, gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
        told: list[StageResult] = []
        outcome = send_test_mail(service(kind="outgoing", mailbox=None), gateway, BOX, TO, told.append)
        assert outcome.status == "ok"
        assert [result.outcome for result in told] == [*["ok"] * 4, "not_needed", "ok", "not_needed"]
        sent = outcome.stages[5]
        entry = tenant.journal.entries[-1]
        assert (sent.status, sent.correlation_id) == (202, entry["correlation_id"])
        assert (entry["mailbox"], entry["recipients"]) == (BOX, [TO])

    def test_an_account_sends_as_itself(self, gateway: Gateway, user: Make, tenant: DemoTenant) -> None:
        assert send_test_mail(user(), gateway, ANNA, TO).status == "ok"
        assert tenant.journal.entries[-1]["recipients"] == [TO]

    def test_an_account_sends_as_another(self, gateway: Gateway, user: Make, halden: Tenant) -> None:
        sent = send_test_mail(user(), gateway, BOX, TO).stages[5]
        assert (sent.code, sent.cause, sent.who) == ("ErrorSendAsDenied", "send_as_denied", EXCHANGE)
        halden.accounts[ANNA].send_as.append(BOX)
        assert send_test_mail(user(), gateway, BOX, TO).stages[5].outcome == "ok"

    def test_without_the_right(self, gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
        app = tenant.world.app(names.SERVICE_APP)
        app.roles = ["Mail.ReadWrite"]
        sent = send_test_mail(service(), gateway, BOX, TO).stages[5]
        assert (sent.outcome, sent.code, sent.cause) == ("broken", "ErrorAccessDenied", "send_role_missing")
        app.management_scope = [BOX]
        assert send_test_mail(service(), gateway, BOX, TO).stages[5].outcome == "ok"

    def test_exchange_keeps_the_app_out(self, gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
        tenant.world.app(names.SERVICE_APP).access_policy = []
        sent = send_test_mail(service(), gateway, BOX, TO).stages[5]
        assert (sent.cause, sent.who) == ("send_refused", EXCHANGE)

    @pytest.mark.parametrize(
        ("code", "status", "cause"),
        [
            ("ErrorExceededMessageLimit", 429, "send_limit"),
            ("ErrorSubmissionQuotaExceeded", 429, "send_limit"),
            ("ErrorQuotaExceeded", 507, "mailbox_full"),
            ("ErrorAccountSuspend", 403, "sender_blocked"),
            ("ErrorInvalidUser", 404, "sender_unknown"),
            ("SomethingNew", 403, "send_refused"),
            ("SomethingNew", 404, "sender_unknown"),
            ("SomethingNew", 401, "token_refused"),
        ],
    )
    def test_other_refusals(
        self, gateway: Gateway, service: Make, tenant: DemoTenant, code: str, status: int, cause: str
    ) -> None:
        tenant.fault(kind="graph", code=code, status=status)
        assert send_test_mail(service(), gateway, BOX, TO).stages[5].cause == cause

    def test_a_recipient_that_is_none(self, gateway: Gateway, service: Make) -> None:
        assert send_test_mail(service(), gateway, BOX, "nobody").stages[5].cause == "message_refused"

    def test_nothing_is_sent_after_a_broken_stage(self, gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
        tenant.fault(kind="aadsts", code=7000222)
        outcome = send_test_mail(service(), gateway, BOX, TO)
        assert [result.outcome for result in outcome.stages] == ["ok", "ok", "broken", *["not_reached"] * 4]
        assert "graph" not in tenant.journal.counts

    def test_a_mail_that_may_have_left_is_not_sent_again(
        self, hasty: Gateway, service: Make, tenant: DemoTenant
    ) -> None:
        run(service(), hasty)  # leaves a connection to Graph in the pool
        tenant.journal.clear()
        tenant.fault(kind="close", part="before", match={"endpoint": "graph"})
        sent = send_test_mail(service(), hasty, BOX, TO).stages[5]
        assert (sent.outcome, sent.class_) == ("broken", "network")
        assert "Whether the mail left is not known" in sent.detail
        assert tenant.journal.counts["graph"] == 1

    def test_a_connection_that_died_in_the_pool_is_not_met(self, tenant: DemoTenant, service: Make) -> None:
        gateway = Gateway(pairs(tenant.connect_to), tenant.ca_file, connect_timeout=2.0, deadline=3.0)
        run(service(), gateway)
        before = tenant.journal.counts["connections"]
        assert send_test_mail(service(), gateway, BOX, TO).status == "ok"
        assert tenant.journal.counts["connections"] == before + 1
        gateway.close()

    def test_an_address_cannot_change_the_request(self, gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
        name = "a/b?x=1&ü'@halden-energie.example"
        assert send_test_mail(service(), gateway, name, TO).stages[5].cause == "sender_unknown"
        assert tenant.journal.entries[-1]["mailbox"] == name

    def test_no_secret_of_an_echo_is_kept(self, gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
        tenant.fault(kind="echo_secret", match={"endpoint": "graph"})
        sent = send_test_mail(service(), gateway, BOX, TO).stages[5]
        assert sent.outcome == "broken"
        assert "eyJ" not in json.dumps([sent.provider_words, sent.detail, *sent.asked])
