"""A live check and the explainer decide for the same cause, where both are told the same."""

from typing import Any

import pytest

from demo.server import DemoTenant
from tests.tokenchecks.engine.conftest import Make
from tokenchecks.engine.answers import RefusedError
from tokenchecks.engine.explain.diagnose import diagnose
from tokenchecks.engine.explain.evidence import evidence_in
from tokenchecks.engine.microsoft.entra import Gateway
from tokenchecks.engine.microsoft.graph import Graph
from tokenchecks.engine.stages.check import run

BLOCKED = "<html><head><title>Web Page Blocked!</title></head><body>Access Blocked</body></html>"
PAGE = "<html><head><title>Intranet</title></head><body>Start page</body></html>"
CASES: list[tuple[str, str, dict[str, Any], str]] = [
    ("service", "token", {"kind": "aadsts", "code": 5000225}, "tenant_inactive"),
    ("service", "token", {"kind": "aadsts", "code": 5000225, "fields": {"error": "invalid_client"}}, "tenant_inactive"),
    ("user", "token", {"kind": "aadsts", "code": 5000225, "fields": {"error": "invalid_grant"}}, "tenant_inactive"),
    ("service", "discovery", {"kind": "aadsts", "code": 5000225}, "tenant_inactive"),
    ("service", "token", {"kind": "aadsts", "code": 5000224}, "tenant_inactive"),
    ("user", "token", {"kind": "aadsts", "code": 7500514}, "federation_answer"),
    ("user", "token", {"kind": "aadsts", "code": 7500514, "fields": {"error": "invalid_grant"}}, "federation_answer"),
    (
        "service",
        "graph",
        {"kind": "graph", "status": 401, "code": "InvalidAuthenticationToken", "message": "InvalidCloudInstance"},
        "cloud_mixed_up",
    ),
    ("user", "graph", {"kind": "garbage", "status": 403, "message": PAGE}, "net_garbage"),
    ("service", "discovery", {"kind": "garbage", "status": 200, "message": PAGE}, "net_garbage"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_cause_is_the_same(
    gateway: Gateway, tenant: DemoTenant, service: Make, user: Make, case: tuple[str, str, dict[str, Any], str]
) -> None:
    kind, place, fault, cause = case
    tenant.fault(match={"endpoint": place}, **fault)
    decisive = run((user if kind == "user" else service)(), gateway).decisive
    assert decisive is not None
    assert decisive.cause == cause
    said = fault["message"] if fault["kind"] == "garbage" else f"{decisive.code}: {decisive.provider_words}"
    assert diagnose(said).findings[0].meaning.key == cause


@pytest.mark.parametrize("place", ["discovery", "token", "graph"])
def test_a_block_page_is_the_networks_in_both(gateway: Gateway, tenant: DemoTenant, service: Make, place: str) -> None:
    """The check knows that it asked Microsoft; the explainer, which does not, takes the page's own words."""
    tenant.fault(match={"endpoint": place}, kind="garbage", status=403, message=BLOCKED)
    decisive = run(service(), gateway).decisive
    assert decisive is not None
    explained = diagnose(BLOCKED).findings[0].meaning
    assert {(decisive.class_, decisive.who), (explained.class_, explained.who)} == {
        ("network", "console administrator")
    }


def test_graph_itself_tells_that_a_token_is_of_another_cloud(gateway: Gateway, service: Make) -> None:
    subject = service()
    document = gateway.discover(subject.login_host, subject.tenant)
    token = gateway.service_token(subject, document).token
    with pytest.raises(RefusedError) as refused:
        Graph(gateway.http, "graph.microsoft.us", token).inbox(subject.reads)
    assert refused.value.refusal.words == "InvalidCloudInstance"
    assert evidence_in(refused.value.refusal) == {"other_cloud", "unauthorized"}
