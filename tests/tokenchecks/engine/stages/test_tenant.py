"""The tenant's own document: where it may lead, and whose it is."""

from typing import Any

import pytest

from demo import names
from demo.server import DemoTenant
from demo.world import Tenant
from tests.tokenchecks.engine.conftest import Make
from tokenchecks.engine.microsoft.entra import Gateway
from tokenchecks.engine.stages.check import run


def tenant_stage(gateway: Gateway, subject: Any) -> Any:
    return run(subject, gateway).stages[1]


def test_an_unknown_tenant(gateway: Gateway, service: Make) -> None:
    result = tenant_stage(gateway, service(tenant=names.WRONG_TENANT))
    assert (result.code, result.class_, result.field, result.owner) == (
        "AADSTS90002", "tenant", "address", "incoming_server",
    )  # fmt: skip


def test_an_unknown_domain_for_the_outgoing_server(gateway: Gateway, service: Make) -> None:
    result = tenant_stage(gateway, service(kind="outgoing", tenant="nobody.example"))
    assert (result.field, result.owner, result.where) == (
        "tenant", "outgoing_server", "IP Address or Name of Mail Server",
    )  # fmt: skip


def test_a_domain_with_an_umlaut(gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
    outcome = run(service(kind="outgoing", tenant="Fjällkraft.example", mailbox=None), gateway)
    assert outcome.status == "ok"
    assert {entry["tenant"] for entry in tenant.journal.entries if entry["endpoint"] == "discovery"} == {
        "xn--fjllkraft-w2a.example"
    }


def test_a_domain_that_no_name_service_knows(gateway: Gateway, service: Make) -> None:
    result = tenant_stage(gateway, service(kind="outgoing", tenant="fjäll_kraft.example"))
    assert (result.outcome, result.class_) == ("broken", "tenant")


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://login.evil.example/token",
        "http://login.microsoftonline.com/t/token",
        "https://login.microsoftonline.com:8443/t/token",
        "https://login.microsoftonline.com@evil.example/t/token",
        "https://user@login.microsoftonline.com/t/token",
        "https://graph.microsoft.com/t/token",
        "https://login.microsoftonline.com",
        "https://[broken/t/token",
        "//login.microsoftonline.com/t/token",
    ],
)
def test_no_secret_goes_to_a_foreign_endpoint(
    gateway: Gateway, service: Make, tenant: DemoTenant, endpoint: str
) -> None:
    tenant.fault(kind="document", fields={"token_endpoint": endpoint})
    result = tenant_stage(gateway, service())
    assert (result.outcome, result.code) == ("broken", "endpoint_foreign")
    assert "token" not in tenant.journal.counts


@pytest.mark.parametrize("fields", [{"token_endpoint": None}, {"token_endpoint": 7}])
def test_a_document_without_an_endpoint(
    gateway: Gateway, service: Make, tenant: DemoTenant, fields: dict[str, object]
) -> None:
    tenant.fault(kind="document", fields=fields)
    assert tenant_stage(gateway, service()).code == "garbage"


def test_the_endpoint_that_the_document_names_is_used(
    gateway: Gateway, service: Make, tenant: DemoTenant, halden: Tenant
) -> None:
    endpoint = f"https://login.windows.net/{halden.id}/oauth2/v2.0/token"
    tenant.fault(kind="document", fields={"token_endpoint": endpoint})
    assert run(service(), gateway).status == "ok"
    assert [entry["host"] for entry in tenant.journal.entries if entry["endpoint"] == "token"] == ["login.windows.net"]


@pytest.mark.parametrize("issuer", ["https://idp.example/x", "http://login.microsoftonline.com/x", "https://[x"])
def test_a_foreign_issuer_is_a_warning(gateway: Gateway, service: Make, tenant: DemoTenant, issuer: str) -> None:
    tenant.fault(kind="document", fields={"issuer": issuer})
    outcome = run(service(), gateway)
    assert (outcome.stages[1].outcome, outcome.stages[1].code) == ("warning", "issuer_foreign")
    assert outcome.stages[4].outcome == "ok"


@pytest.mark.parametrize("issuer", [None, 7, ""])
def test_a_document_without_an_issuer_will_do(
    gateway: Gateway, service: Make, tenant: DemoTenant, issuer: object
) -> None:
    tenant.fault(kind="document", fields={"issuer": issuer})
    assert run(service(), gateway).status == "ok"


def test_another_tenant_answers(gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
    tenant.fault(kind="document", fields={"issuer": f"https://login.microsoftonline.com/{names.FJORDLYS}/v2.0"})
    result = tenant_stage(gateway, service())
    assert (result.outcome, result.code, result.detail) == ("broken", "tenant_not_the_one_asked", names.FJORDLYS)


def test_a_tenant_of_the_us_government_cloud(gateway: Gateway, service: Make, halden: Tenant) -> None:
    halden.cloud = "us"
    result = tenant_stage(gateway, service())
    assert (result.outcome, result.code, result.class_, result.field) == (
        "broken", "tenant_in_other_cloud", "tenant", "address",
    )  # fmt: skip
    assert run(service(login_host="login.microsoftonline.us"), gateway).status == "ok"


def test_the_outgoing_server_follows_its_tenant_to_its_cloud(gateway: Gateway, service: Make, halden: Tenant) -> None:
    halden.cloud = "us"
    assert run(service(kind="outgoing", mailbox=None), gateway).status == "ok"


def test_a_tenant_in_china(gateway: Gateway, service: Make, halden: Tenant) -> None:
    halden.cloud = "china"
    assert tenant_stage(gateway, service()).code == "AADSTS90002"
    assert run(service(login_host="login.partner.microsoftonline.cn"), gateway).status == "ok"


@pytest.mark.parametrize("host", ["graph.evil.example", 7, "login.microsoftonline.com", None])
def test_an_unknown_graph_host_counts_as_not_named(
    gateway: Gateway, service: Make, tenant: DemoTenant, host: object
) -> None:
    tenant.fault(kind="document", fields={"msgraph_host": host})
    assert run(service(), gateway).status == "ok"


@pytest.mark.parametrize("region", ["EU", "a very long region", 7, None, "<b>"])
def test_the_region_is_told_if_it_is_one(gateway: Gateway, service: Make, tenant: DemoTenant, region: object) -> None:
    tenant.fault(kind="document", fields={"tenant_region_scope": region})
    assert ("region" in tenant_stage(gateway, service()).detail) is (region == "EU")


def test_a_tenant_of_customers_is_named(gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
    tenant.fault(kind="document", fields={"issuer": "https://contoso.ciamlogin.com/x/v2.0"})
    outcome = run(service(), gateway)
    assert (outcome.stages[1].outcome, outcome.stages[1].code) == ("warning", "tenant_of_customers")


def test_a_token_endpoint_for_customers_is_named(gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
    tenant.fault(kind="document", fields={"token_endpoint": "https://contoso.b2clogin.com/x/oauth2/v2.0/token"})
    assert run(service(), gateway).stages[1].code == "tenant_of_customers"
