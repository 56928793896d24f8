"""Whom a fault meets, and how often."""

import pytest

from demo import names
from demo.faults import Fault, Faults, read_options
from demo.server import DemoTenant
from tests.demo.client import LOGIN, Client

DISCOVERY = "/{}/v2.0/.well-known/openid-configuration"


@pytest.mark.parametrize(
    ("match", "met"),
    [
        ({}, True),
        ({"endpoint": "token"}, True),
        ({"endpoint": "realm"}, False),
        ({"host": "LOGIN.microsoftonline.com"}, True),
        ({"host": "login.microsoftonline.us"}, False),
        ({"tenant": names.HALDEN.upper()}, True),
        ({"tenant": "halden-energie.example"}, True),
        ({"tenant": "fjällkraft.example"}, True),
        ({"tenant": names.FJORDLYS}, False),
        ({"client_id": names.SERVICE_APP}, True),
        ({"client_id": names.SALES_APP}, False),
        ({"client_id": names.SERVICE_APP, "tenant": names.FJORDLYS}, False),
    ],
)
def test_it_matches_a_token_request(
    client: Client, tenant: DemoTenant, form: dict[str, str], match: dict[str, str], met: object
) -> None:
    tenant.fault(kind="status", match=match)
    assert (client.token(names.HALDEN, form).status == 503) is met


def test_it_matches_a_user_at_the_realm_and_at_the_token(
    client: Client, tenant: DemoTenant, password_form: dict[str, str]
) -> None:
    tenant.fault(kind="status", match={"username": "ANNA.lindqvist@halden-energie.example"})
    assert client.get("/common/userrealm/anna.lindqvist@halden-energie.example").status == 503
    assert client.get("/common/userrealm/jonas.weber@halden-energie.example").status == 200
    assert client.token(names.HALDEN, password_form).status == 503


def test_it_matches_a_mailbox(client: Client, tenant: DemoTenant, form: dict[str, str]) -> None:
    tenant.fault(kind="graph", status=504, match={"mailbox": "kundtjanst@fjällkraft.example"})
    token = client.token(names.HALDEN, form).json["access_token"]
    assert client.inbox(token, "kundtjanst@xn--fjllkraft-w2a.example").status == 504
    assert client.inbox(token, "service@halden-energie.example").status == 200


def test_graph_knows_the_app_and_tenant_of_the_token(client: Client, tenant: DemoTenant, form: dict[str, str]) -> None:
    token = client.token(names.HALDEN, form).json["access_token"]
    tenant.fault(kind="graph", status=504, match={"client_id": names.SERVICE_APP, "tenant": names.HALDEN})
    assert client.inbox(token, "service@halden-energie.example").status == 504


def test_a_code_goes_to_the_token_endpoint_unless_said(client: Client, tenant: DemoTenant) -> None:
    tenant.fault(kind="aadsts", code=50076)
    assert client.get(DISCOVERY.format(names.HALDEN)).status == 200
    tenant.fault(kind="aadsts", code=90002, match={"endpoint": "discovery"})
    assert client.get(DISCOVERY.format(names.HALDEN)).json["error_codes"] == [90002]


def test_it_ends_after_the_times_given(client: Client, tenant: DemoTenant) -> None:
    tenant.fault(kind="status", times=2)
    answers = [client.get(DISCOVERY.format(names.HALDEN)).status for _ in range(3)]
    assert answers == [503, 503, 200]


def test_the_newest_that_fits_wins(client: Client, tenant: DemoTenant) -> None:
    tenant.fault(kind="status", status=500)
    newest = tenant.fault(kind="status", status=504, times=1)
    path = DISCOVERY.format(names.HALDEN)
    assert [client.get(path).status, client.get(path).status] == [504, 500]
    assert newest.hits == 1
    tenant.clear()
    assert client.get(path).status == 200


def test_the_control_api_is_never_faulty(client: Client, tenant: DemoTenant) -> None:
    tenant.fault(kind="status")
    assert client.request("GET", LOGIN, "/_demo/faults").status == 200


@pytest.mark.parametrize(
    "options",
    [
        {"kind": "unheard-of"},
        {"kind": "status", "match": {"colour": "red"}},
        {"kind": "status", "match": {"endpoint": "mail"}},
        {"kind": "bad_certificate", "certificate": "lovely"},
        {"kind": "aadsts", "code": "many"},
    ],
)
def test_a_fault_that_cannot_be_is_refused(options: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"Unknown|invalid literal"):
        Fault(**read_options(options))


@pytest.mark.parametrize("options", [{"kind": "slow", "seconds": "long"}, {"kind": "status", "match": "all"}])
def test_an_option_of_the_wrong_type_is_refused(options: dict[str, object]) -> None:
    with pytest.raises(TypeError):
        read_options(options)


def test_an_unknown_option_is_refused() -> None:
    with pytest.raises(ValueError, match="Unknown option 'size_of_it'"):
        read_options({"kind": "oversized", "size_of_it": 3})


def test_without_faults_nothing_is_looked_up() -> None:
    def never() -> dict[str, frozenset[str]]:
        raise AssertionError

    assert Faults().take(never) is None
