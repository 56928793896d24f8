"""Faults as a client meets them on the wire."""

import base64
import json
import threading
import time
from http.client import IncompleteRead, RemoteDisconnected
from urllib.parse import quote_plus

import pytest

from demo import names
from demo.server import DemoTenant
from tests.demo.client import GRAPH, LOGIN, Client, claims

DISCOVERY = f"/{names.HALDEN}/v2.0/.well-known/openid-configuration"
SHARED = "kundenservice@halden-energie.example"


def test_a_throttled_token_endpoint_says_when_to_come_back(
    client: Client, tenant: DemoTenant, form: dict[str, str]
) -> None:
    tenant.fault(kind="throttle", retry_after=7)
    answer = client.token(names.HALDEN, form)
    assert (answer.status, answer.headers["Retry-After"]) == (429, "7")
    assert answer.json["error"] == "temporarily_unavailable"


def test_a_throttled_answer_may_carry_a_code_and_no_header(
    client: Client, tenant: DemoTenant, form: dict[str, str]
) -> None:
    tenant.fault(kind="throttle", code=50196, retry_after="")
    answer = client.token(names.HALDEN, form)
    assert (answer.status, answer.json["error_codes"]) == (429, [50196])
    assert "Retry-After" not in answer.headers


def test_a_throttled_graph_answers_in_its_own_shape(client: Client, tenant: DemoTenant) -> None:
    tenant.fault(kind="throttle", match={"endpoint": "graph"})
    answer = client.inbox("any", SHARED)
    assert (answer.status, answer.headers["Retry-After"]) == (429, "30")
    assert answer.json["error"]["code"] == "ApplicationThrottled"


def test_a_code_of_graph(client: Client, tenant: DemoTenant) -> None:
    tenant.fault(kind="graph", status=503, code="MailboxInfoStale", message="Mailbox info is stale.")
    answer = client.inbox("any", SHARED)
    assert answer.status == 503
    assert answer.json["error"]["code"] == "MailboxInfoStale"


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_status_comes_with_a_page(client: Client, tenant: DemoTenant, status: int) -> None:
    tenant.fault(kind="status", status=status)
    answer = client.get(DISCOVERY)
    assert answer.status == status
    assert answer.headers["Content-Type"].startswith("text/html")


def test_garbage_looks_like_success(client: Client, tenant: DemoTenant) -> None:
    tenant.fault(kind="garbage")
    answer = client.get(DISCOVERY)
    assert answer.status == 200
    assert b"<html>" in answer.body


def test_garbage_of_ones_own(client: Client, tenant: DemoTenant) -> None:
    tenant.fault(kind="garbage", message='{"access_token": ')
    with pytest.raises(json.JSONDecodeError):
        _ = client.get(DISCOVERY).json


def test_slow_is_the_true_answer_late(client: Client, tenant: DemoTenant) -> None:
    tenant.fault(kind="slow", seconds=0.3)
    started = time.monotonic()
    assert client.get(DISCOVERY).status == 200
    assert time.monotonic() - started >= 0.3


@pytest.mark.parametrize("part", ["head", "body"])
def test_drip_is_the_true_answer_byte_by_byte(client: Client, tenant: DemoTenant, part: str) -> None:
    tenant.fault(kind="drip", seconds=0.0001, part=part)
    answer = client.get(DISCOVERY)
    assert names.HALDEN in answer.json["issuer"]


def test_drip_outlasts_a_timeout_between_bytes(client: Client, tenant: DemoTenant) -> None:
    tenant.fault(kind="drip", seconds=0.05)
    connection = client.connection(LOGIN)
    connection.request("GET", DISCOVERY)
    response = connection.getresponse()
    started = time.monotonic()
    assert len(response.read(4)) == 4
    assert time.monotonic() - started >= 0.15


def test_oversized_goes_on_as_long_as_it_is_read(client: Client, tenant: DemoTenant) -> None:
    tenant.fault(kind="oversized")
    connection = client.connection(LOGIN)
    connection.request("GET", DISCOVERY)
    response = connection.getresponse()
    assert response.length is None
    assert sum(len(response.read(65536)) for _ in range(160)) > 10_000_000


def test_oversized_may_be_announced(client: Client, tenant: DemoTenant) -> None:
    tenant.fault(kind="oversized", size=1 << 20, announce=True)
    connection = client.connection(LOGIN)
    connection.request("GET", DISCOVERY)
    response = connection.getresponse()
    assert response.headers["Content-Length"] == "1048576"
    assert len(response.read()) == 1 << 20


def test_a_redirect_points_to_plain_http(client: Client, tenant: DemoTenant) -> None:
    tenant.fault(kind="redirect", location="http://127.0.0.1:9/trap")
    answer = client.get(DISCOVERY)
    assert (answer.status, answer.headers["Location"]) == (302, "http://127.0.0.1:9/trap")


def test_close_before_a_byte(client: Client, tenant: DemoTenant) -> None:
    tenant.fault(kind="close", part="before")
    with pytest.raises(RemoteDisconnected):
        client.get(DISCOVERY)


def test_close_amid_the_body(client: Client, tenant: DemoTenant) -> None:
    tenant.fault(kind="close")
    with pytest.raises(IncompleteRead):
        client.get(DISCOVERY)


def test_close_amid_the_headers(client: Client, tenant: DemoTenant) -> None:
    tenant.fault(kind="close", part="head")
    connection = client.connection(LOGIN)
    connection.request("GET", DISCOVERY)
    # Python's client takes a cut head for a whole one; the body's length is lost with it.
    assert connection.getresponse().length is None


def test_a_hostile_answer_repeats_the_secret(client: Client, tenant: DemoTenant, form: dict[str, str]) -> None:
    tenant.fault(kind="echo_secret")
    secret = form["client_secret"] = "s3cr~t +ä"
    body = client.token(names.HALDEN, form).json["error_description"]
    assert secret in body
    assert quote_plus(secret) in body
    assert base64.b64encode(secret.encode()).decode() in body


def test_a_hostile_graph_repeats_the_token(client: Client, tenant: DemoTenant) -> None:
    tenant.fault(kind="echo_secret", match={"endpoint": "graph"})
    assert "the-token" in client.inbox("the-token", SHARED).json["error"]["message"]


def test_a_document_with_other_endpoints(client: Client, tenant: DemoTenant) -> None:
    tenant.fault(kind="document", fields={"token_endpoint": "https://evil.example/token", "issuer": None})
    document = client.get(DISCOVERY).json
    assert document["token_endpoint"] == "https://evil.example/token"
    assert "issuer" not in document


def test_a_token_with_other_claims(client: Client, tenant: DemoTenant, form: dict[str, str]) -> None:
    tenant.fault(kind="claims", fields={"tid": names.FJORDLYS, "roles": None})
    read = claims(client.token(names.HALDEN, form).json["access_token"])
    assert read["tid"] == names.FJORDLYS
    assert "roles" not in read


def test_claims_of_a_refused_token_stay_refused(client: Client, tenant: DemoTenant, form: dict[str, str]) -> None:
    tenant.fault(kind="claims", fields={"roles": None})
    assert client.token(names.HALDEN, form | {"client_secret": "wrong"}).status == 401


def test_an_opaque_token(client: Client, tenant: DemoTenant, form: dict[str, str]) -> None:
    tenant.fault(kind="opaque")
    assert "." not in client.token(names.HALDEN, form).json["access_token"]


def test_a_slow_answer_does_not_hold_up_others(client: Client, tenant: DemoTenant, form: dict[str, str]) -> None:
    tenant.fault(kind="slow", seconds=2, match={"endpoint": "discovery"})
    other = Client(tenant)
    waiting = threading.Thread(target=other.get, args=(DISCOVERY,))
    waiting.start()
    started = time.monotonic()
    assert client.token(names.HALDEN, form).status == 200
    assert time.monotonic() - started < 1
    waiting.join()
    other.close()


def test_graph_is_another_host_than_the_sign_in(client: Client) -> None:
    assert client.get(DISCOVERY, GRAPH).status == 401
