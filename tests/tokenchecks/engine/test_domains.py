"""Which tenant the mailbox's domain belongs to, and what that decides."""

from typing import Any

import pytest

from configurator.vault.text import Secret
from demo import names
from demo.server import DemoTenant
from demo.world import Tenant
from tests.tokenchecks.engine.conftest import Make
from tokenchecks.engine.microsoft.entra import Gateway
from tokenchecks.engine.results import Outcome
from tokenchecks.engine.stages.check import run

ELSEWHERE = "support@fjordlys.example"
UNOWNED = "support@nobody.example"
ANNA = "anna.lindqvist@halden-energie.example"


def asked_for(tenant: DemoTenant) -> list[str]:
    return [entry["tenant"] for entry in tenant.journal.entries if entry["endpoint"] == "discovery"]


def test_the_domain_of_the_tenant_is_no_news(gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
    outcome = run(service(), gateway)
    assert outcome.stages[1].outcome == "ok"
    assert asked_for(tenant) == [names.HALDEN, "halden-energie.example"]


@pytest.mark.parametrize("kind", ["incoming", "outgoing"])
def test_servers_have_no_domain(gateway: Gateway, service: Make, tenant: DemoTenant, kind: str) -> None:
    run(service(kind=kind, mailbox=ELSEWHERE), gateway)
    assert asked_for(tenant) == [names.HALDEN]


def test_a_domain_of_another_tenant(gateway: Gateway, service: Make) -> None:
    outcome = run(service(mailbox=ELSEWHERE), gateway)
    stage = outcome.stages[1]
    assert (stage.outcome, stage.code, stage.class_, stage.field) == (
        "warning", "domain_in_other_tenant", "tenant", "address",
    )  # fmt: skip
    assert (
        f"fjordlys.example belongs to tenant {names.FJORDLYS}, the server names tenant {names.HALDEN}" in stage.detail
    )
    refused = outcome.stages[4]
    assert (refused.code, refused.cause, refused.field) == ("ErrorInvalidUser", "tenant_wrong", "address")
    assert any(names.FJORDLYS in fact for fact in refused.evidence)
    assert outcome.decisive == refused


def test_a_domain_that_nobody_owns(gateway: Gateway, service: Make) -> None:
    outcome = run(service(mailbox=UNOWNED), gateway)
    assert (outcome.stages[1].outcome, outcome.stages[4].cause) == ("ok", "mailbox_domain_unowned")
    assert "no tenant owns nobody.example" in outcome.stages[1].detail


def test_the_accounts_domain_too(gateway: Gateway, user: Make, tenant: DemoTenant) -> None:
    outcome = run(user(account="x@fjordlys.example"), gateway)
    assert asked_for(tenant) == [names.HALDEN, "halden-energie.example", "fjordlys.example"]
    assert (outcome.stages[2].code, outcome.stages[2].cause) == ("AADSTS50034", "tenant_wrong")


def test_an_account_of_a_domain_that_nobody_owns(gateway: Gateway, user: Make) -> None:
    outcome = run(user(mailbox=None, account="x@nobody.example"), gateway)
    assert (outcome.stages[2].code, outcome.stages[2].cause) == ("AADSTS50034", "domain_unknown")


@pytest.mark.parametrize(
    ("code", "cause"), [(700016, "tenant_wrong"), (50059, "tenant_wrong"), (65001, "tenant_wrong")]
)
def test_it_decides_where_a_code_blames_the_wrong_part(
    gateway: Gateway, user: Make, tenant: DemoTenant, code: int, cause: str
) -> None:
    tenant.fault(kind="aadsts", code=code)
    assert run(user(mailbox=ELSEWHERE), gateway).stages[2].cause == cause
    assert run(user(), gateway).stages[2].cause != cause


def test_a_tenant_named_by_the_domain_itself(gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
    assert run(service(tenant="halden-energie.example"), gateway).status == "ok"
    assert asked_for(tenant) == ["halden-energie.example"]


def test_another_domain_of_the_same_tenant(gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
    assert run(service(mailbox="kundtjanst@fjällkraft.example"), gateway).status == "ok"
    assert asked_for(tenant)[1] == "xn--fjllkraft-w2a.example"


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 503},
        {"kind": "throttle"},
        {"kind": "garbage"},
        {"kind": "close", "part": "before"},
        {"kind": "slow", "seconds": 2},
        {"kind": "document", "fields": {"issuer": None}},
    ],
)
def test_trouble_with_the_question_breaks_nothing(
    hasty: Gateway, service: Make, tenant: DemoTenant, fault: dict[str, Any]
) -> None:
    tenant.fault(**fault, match={"endpoint": "discovery", "tenant": "fjordlys.example"})
    outcome = run(service(mailbox=ELSEWHERE), hasty)
    assert (outcome.stages[1].outcome, outcome.stages[4].cause) == ("ok", "mailbox_unknown")


class TestSwappedIds:
    """Whether the Client ID names a tenant is asked only when a tenant or an app is not found."""

    def test_tenant_and_client_swapped(self, gateway: Gateway, service: Make, halden: Tenant) -> None:
        outcome = run(service(tenant=names.SERVICE_APP, client_id=halden.id), gateway)
        stage = outcome.stages[1]
        assert (stage.code, stage.cause, stage.class_) == ("AADSTS90002", "ids_swapped", "tenant")
        assert "Entra knows a tenant with the ID given as Client ID." in stage.evidence

    def test_another_tenants_id_as_client_id(self, gateway: Gateway, service: Make) -> None:
        stage = run(service(client_id=names.FJORDLYS), gateway).stages[2]
        assert (stage.code, stage.cause, stage.field) == ("AADSTS700016", "client_is_tenant", "client_id")

    def test_a_mere_typing_error(self, gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
        assert run(service(tenant=names.WRONG_TENANT), gateway).stages[1].cause == "tenant_unknown"
        assert asked_for(tenant) == [names.WRONG_TENANT, names.SERVICE_APP]

    def test_no_question_without_need(self, gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
        tenant.fault(kind="aadsts", code=7000215)
        run(service(secret=Secret("x" * 40)), gateway)
        assert asked_for(tenant) == [names.HALDEN, "halden-energie.example"]

    def test_trouble_with_the_question(self, gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
        tenant.fault(kind="garbage", match={"endpoint": "discovery", "tenant": names.SERVICE_APP})
        outcome: Outcome = run(service(tenant=names.WRONG_TENANT), gateway)
        assert outcome.stages[1].cause == "tenant_unknown"
