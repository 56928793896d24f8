"""The openid-configuration, the user realm and the instances, which need no credential."""

import pytest

from demo import names
from demo.server import DemoTenant
from demo.world import Tenant
from tests.demo.client import Client

CONFIGURATION = "v2.0/.well-known/openid-configuration"


def test_it_names_the_endpoints_of_the_tenant(client: Client, halden: Tenant) -> None:
    answer = client.get(f"/{halden.id}/{CONFIGURATION}")
    base = f"https://login.microsoftonline.com/{halden.id}"
    assert answer.status == 200
    assert answer.json["token_endpoint"] == f"{base}/oauth2/v2.0/token"
    assert answer.json["issuer"] == f"{base}/v2.0"
    assert answer.json["tenant_region_scope"] == "EU"
    assert answer.json["cloud_instance_name"] == "microsoftonline.com"
    assert answer.json["msgraph_host"] == "graph.microsoft.com"


def test_it_finds_a_tenant_by_its_domain(client: Client, halden: Tenant) -> None:
    answer = client.get(f"/halden-energie.example/{CONFIGURATION}")
    assert halden.id in answer.json["issuer"]


def test_it_finds_a_tenant_by_its_international_domain(client: Client, halden: Tenant) -> None:
    answer = client.get(f"/xn--fjllkraft-w2a.example/{CONFIGURATION}")
    assert halden.id in answer.json["issuer"]


def test_a_shared_name_has_a_placeholder_for_its_issuer(client: Client) -> None:
    assert client.get(f"/common/{CONFIGURATION}").json["issuer"].endswith("/{tenantid}/v2.0")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (names.WRONG_TENANT, 90002),
        ("nobody.example", 90002),
        ("00000000-0000-0000-0000-000000000000", 900021),
        ("undefined", 900023),
    ],
)
def test_it_refuses_a_tenant_that_is_not_there(client: Client, name: str, code: int) -> None:
    answer = client.get(f"/{name}/{CONFIGURATION}")
    assert answer.status == 400
    assert answer.json["error"] == "invalid_tenant"
    assert answer.json["error_codes"] == [code]
    assert name in answer.json["error_description"]


def test_a_government_tenant_is_sent_to_its_cloud(client: Client, tenant: DemoTenant) -> None:
    tenant.world.add(Tenant("b3c3a6f8-6a21-4d6f-9f0b-0d8c1a6e7c11", "Agency", ["agency.example"], cloud="us"))
    answer = client.get(f"/agency.example/{CONFIGURATION}")
    assert answer.json["token_endpoint"].startswith("https://login.microsoftonline.us/")
    assert answer.json["msgraph_host"] == "graph.microsoft.us"


def test_a_tenant_in_china_is_known_only_there(client: Client, tenant: DemoTenant) -> None:
    tenant.world.add(Tenant("0a0f4e0e-6b0e-4b9b-8a2c-6a9f6c7a1d22", "Office", ["office.example"], cloud="china"))
    assert client.get(f"/office.example/{CONFIGURATION}").json["error_codes"] == [90002]
    answer = client.get(f"/office.example/{CONFIGURATION}", "login.partner.microsoftonline.cn")
    assert answer.json["cloud_instance_name"] == "partner.microsoftonline.cn"


@pytest.mark.parametrize(
    ("user", "kind"),
    [
        ("anna.lindqvist@halden-energie.example", "Managed"),
        ("no.such.user@halden-energie.example", "Managed"),
        ("someone@elsewhere.example", "Unknown"),
        ("not-an-address", "Unknown"),
    ],
)
def test_the_realm_tells_where_a_password_is_checked(client: Client, user: str, kind: str) -> None:
    answer = client.get(f"/common/userrealm/{user}?api-version=1.0")
    assert answer.status == 200
    assert answer.json["account_type"] == kind


def test_the_realm_of_a_federated_domain_names_its_server(client: Client, halden: Tenant) -> None:
    halden.federated_domains = ["halden-energie.example"]
    answer = client.get("/common/userrealm/anna.lindqvist%40halden-energie.example?api-version=1.0")
    assert answer.json["account_type"] == "Federated"
    assert answer.json["federation_metadata_url"].startswith("https://sts.halden-energie.example/")


def test_the_instances_are_listed(client: Client) -> None:
    answer = client.get("/common/discovery/instance?api-version=1.1")
    aliases = [alias for entry in answer.json["metadata"] for alias in entry["aliases"]]
    assert {"login.microsoftonline.com", "login.microsoftonline.us"} <= set(aliases)


def test_another_page_is_not_there(client: Client) -> None:
    assert client.get("/common/oauth2/authorize").status == 404
