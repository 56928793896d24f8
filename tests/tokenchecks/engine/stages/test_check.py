"""The stages from end to end, where all is well and where a stage is not needed."""

from dataclasses import asdict
from typing import Any

import pytest

from demo import names
from demo.server import DemoTenant
from demo.world import Tenant
from tests.tokenchecks.engine.conftest import Make
from tokenchecks.engine.microsoft.entra import Gateway
from tokenchecks.engine.results import STAGES, StageResult
from tokenchecks.engine.stages.check import run


def outcomes(results: tuple[StageResult, ...]) -> list[str]:
    return [result.outcome for result in results]


def test_service_address_is_ok(gateway: Gateway, service: Make) -> None:
    outcome = run(service(sender=True), gateway)
    assert outcomes(outcome.stages) == [*["ok"] * 6, "not_needed"]
    assert (outcome.status, outcome.decisive) == ("ok", None)
    assert "40 messages" in outcome.stages[4].detail
    assert "Mail.ReadWrite" in outcome.stages[3].detail


def test_user_address_is_ok(gateway: Gateway, user: Make) -> None:
    outcome = run(user(), gateway)
    assert outcomes(outcome.stages) == [*["ok"] * 5, "not_needed", "not_needed"]
    outcome = run(user(sender=True), gateway)
    assert outcomes(outcome.stages) == [*["ok"] * 6, "not_needed"]


def test_user_may_read_a_mailbox_shared_with_it(gateway: Gateway, user: Make, halden: Tenant) -> None:
    shared = names.SHARED_MAILBOXES[1]
    halden.accounts["anna.lindqvist@halden-energie.example"].full_access.append(shared)
    halden.apps[names.USER_APP].delegated.append("Mail.ReadWrite.Shared")
    assert run(user(mailbox=shared), gateway).status == "ok"


def test_each_stage_is_told_as_it_ends(gateway: Gateway, service: Make) -> None:
    told: list[StageResult] = []
    outcome = run(service(), gateway, told.append)
    assert tuple(told) == outcome.stages
    assert tuple(result.stage for result in told) == STAGES
    assert told[1].ms <= 3000
    assert told[0].at <= told[-1].at


def test_incoming_service_opens_no_mailbox(gateway: Gateway, service: Make) -> None:
    outcome = run(service(kind="incoming", mailbox=None, account=None), gateway)
    assert outcomes(outcome.stages) == [*["ok"] * 4, *["not_needed"] * 3]
    assert "addresses" in outcome.stages[4].detail


def test_incoming_user_asks_for_no_token(gateway: Gateway, user: Make, tenant: DemoTenant) -> None:
    outcome = run(user(kind="incoming", mailbox=None, account=None, password=None), gateway)
    assert outcomes(outcome.stages) == ["ok", "ok", *["not_needed"] * 5]
    assert outcome.status == "ok"
    assert "address" in outcome.stages[2].detail
    assert set(tenant.journal.counts) == {"connections", "discovery"}


@pytest.mark.parametrize("by", ["id", "domain"])
def test_outgoing_server_by_tenant_id_and_by_domain(gateway: Gateway, service: Make, halden: Tenant, by: str) -> None:
    subject = service(kind="outgoing", tenant=halden.id if by == "id" else halden.domains[0], mailbox=None)
    outcome = run(subject, gateway)
    assert outcomes(outcome.stages) == ["ok", "ok", "ok", "ok", "not_needed", "ok", "not_needed"]


def test_later_stages_are_not_reached(gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
    tenant.fault(kind="aadsts", code=7000222)
    outcome = run(service(), gateway)
    assert outcomes(outcome.stages) == ["ok", "ok", "broken", *["not_reached"] * 4]
    assert outcome.decisive == outcome.stages[2]
    assert tenant.journal.counts.get("graph", 0) == 0


def test_the_short_form_has_the_agreed_keys(gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
    tenant.fault(kind="aadsts", code=7000222)
    good, _, bad, *_ = run(service(), gateway).stages
    assert good.as_json() == {
        "stage": "settings", "outcome": "ok", "code": "", "class": "", "who": "", "where": "", "ms": good.ms,
    }  # fmt: skip
    assert list(bad.as_json()) == ["stage", "outcome", "code", "class", "who", "where", "ms"]
    assert (bad.code, bad.class_, bad.who) == ("AADSTS7000222", "secret", "Entra administrator")
    assert "Certificates & secrets" in bad.where
    assert "Secret" in bad.where


def test_a_refusal_keeps_what_finds_it_again(gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
    tenant.fault(kind="aadsts", code=7000222)
    token = run(service(), gateway).stages[2]
    entry = next(entry for entry in tenant.journal.entries if entry["endpoint"] == "token")
    assert token.correlation_id == entry["correlation_id"] != ""
    assert token.provider_words.startswith("AADSTS7000222: ")


def test_a_good_answer_keeps_its_correlation_id(gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
    stages = run(service(), gateway).stages
    sent = {entry["endpoint"]: entry["correlation_id"] for entry in tenant.journal.entries}
    assert (stages[2].correlation_id, stages[4].correlation_id) == (sent["token"], sent["graph"])


def test_each_check_asks_once_at_each_place(gateway: Gateway, service: Make, user: Make, tenant: DemoTenant) -> None:
    run(service(), gateway)
    # The second document is that of the mailbox's own domain.
    assert tenant.journal.counts == {"connections": 2, "discovery": 2, "token": 1, "graph": 1}
    tenant.journal.clear()
    run(user(), gateway)
    # The connections to both hosts are still open; the password alone takes a new one.
    assert tenant.journal.counts == {"connections": 1, "discovery": 2, "realm": 1, "token": 1, "graph": 1}


def test_a_fault_of_our_own_becomes_a_result(
    gateway: Gateway, service: Make, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    subject = service()
    canary = subject.secret.reveal() if subject.secret else ""

    def stumble(*_: object) -> Any:
        raise KeyError(canary)

    monkeypatch.setattr(gateway, "discover", stumble)
    outcome = run(subject, gateway)
    tenant_stage = outcome.stages[1]
    assert (tenant_stage.outcome, tenant_stage.class_, tenant_stage.detail) == ("broken", "internal", "KeyError")
    assert canary not in caplog.text + str([asdict(stage) for stage in outcome.stages])


def test_what_on_stage_raises_ends_the_check(gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
    def stop(result: StageResult) -> None:
        raise InterruptedError(result.stage)

    with pytest.raises(InterruptedError, match="settings"):
        run(service(), gateway, stop)
    assert tenant.journal.counts == {}
