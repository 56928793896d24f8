"""The right to send, looked up in the token; and a test mail, which is a separate act."""

import json
from typing import Any

import pytest

from demo import names
from demo.server import DemoTenant
from demo.world import Tenant
from tests.tokenchecks.engine.conftest import Make, pairs
from tokenchecks.engine.entra import Gateway
from tokenchecks.engine.results import StageResult
from tokenchecks.engine.stages import run, send_test_mail

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


@pytest.mark.parametrize("changes", [{"sender": True}, {"kind": "outgoing", "mailbox": None}])
def test_it_is_missing(gateway: Gateway, service: Make, tenant: DemoTenant, changes: dict[str, Any]) -> None:
    tenant.world.app(names.SERVICE_APP).roles = ["Mail.ReadWrite"]
    result = send_stage(gateway, service(**changes))
    assert (result.outcome, result.code, result.who) == ("warning", "send_role_missing", ENTRA)
    assert result.detail == "In the token: Mail.ReadWrite"


def test_an_accounts_scope_counts(gateway: Gateway, user: Make, tenant: DemoTenant) -> None:
    assert send_stage(gateway, user(sender=True)).outcome == "ok"
    tenant.fault(kind="claims", fields={"scp": "Mail.ReadWrite", "roles": ["Mail.Send"]})
    assert send_stage(gateway, user(sender=True)).code == "send_role_missing"


def test_a_token_that_cannot_be_read(gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
    tenant.fault(kind="opaque")
    assert send_stage(gateway, service(kind="outgoing", mailbox=None)).code == "claims_unreadable"


def test_who_sends_nothing_needs_no_right(gateway: Gateway, service: Make) -> None:
    assert send_stage(gateway, service()).outcome == "not_needed"


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
