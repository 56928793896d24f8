"""A server that misbehaves, at each place that a check asks: a typed outcome, in time, with the right advice."""

import time
from typing import Any

import pytest

from demo.server import DemoTenant
from tests.tokenchecks.engine.conftest import Make
from tokenchecks.engine.explain.catalogue import catalogue
from tokenchecks.engine.microsoft.entra import Gateway
from tokenchecks.engine.microsoft.transport import KINDS
from tokenchecks.engine.results import StageResult
from tokenchecks.engine.stages.check import run

STAGE = {"discovery": 1, "realm": 2, "token": 2, "graph": 4}
PLACES = tuple(STAGE)

FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({"kind": "slow", "seconds": 1.0}, "timeout", "network"),
    ({"kind": "drip", "seconds": 0.05}, "timeout", "network"),
    ({"kind": "drip", "seconds": 0.05, "part": "head"}, "timeout", "network"),
    ({"kind": "garbage"}, "garbage", "network"),
    ({"kind": "garbage", "message": "[]"}, "garbage", "network"),
    ({"kind": "garbage", "message": '"access_token"'}, "garbage", "network"),
    ({"kind": "garbage", "message": "[" * 100_000}, "garbage", "network"),
    ({"kind": "oversized"}, "oversized", "network"),
    ({"kind": "oversized", "announce": True}, "oversized", "network"),
    ({"kind": "redirect"}, "redirect", "network"),
    ({"kind": "redirect", "status": 307, "location": "https://login.microsoftonline.com/x"}, "redirect", "network"),
    ({"kind": "close", "part": "before"}, "closed", "network"),
    ({"kind": "close", "part": "body"}, "closed", "network"),
    ({"kind": "throttle"}, "", "throttle"),
    ({"kind": "status", "status": 500}, "HTTP 500", "transient"),
    ({"kind": "status", "status": 502}, "HTTP 502", "transient"),
    ({"kind": "status", "status": 503}, "HTTP 503", "transient"),
    ({"kind": "status", "status": 599}, "HTTP 599", "transient"),
]


def stage_at(place: str, gateway: Gateway, user: Make) -> StageResult:
    return run(user(), gateway).stages[STAGE[place]]


def test_every_way_to_get_no_answer_is_explained() -> None:
    assert set(KINDS) == set(catalogue().tables["transport"])


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("options", "code", "class_"), FAULTS, ids=str)
def test_faults_are_typed_and_in_time(
    hasty: Gateway, user: Make, tenant: DemoTenant, place: str, options: dict[str, Any], code: str, class_: str
) -> None:
    tenant.fault(match={"endpoint": place}, **options)
    started = time.monotonic()
    result = stage_at(place, hasty, user)
    assert time.monotonic() - started < 2.5
    assert (result.outcome, result.class_, result.retry) == ("broken", class_, True)
    assert code in {"", result.code}


@pytest.mark.parametrize("place", ["discovery", "graph"])
@pytest.mark.parametrize("certificate", ["other_name", "expired", "unknown_authority"])
def test_bad_certificates(hasty: Gateway, user: Make, tenant: DemoTenant, place: str, certificate: str) -> None:
    tenant.fault(kind="bad_certificate", match={"endpoint": place}, certificate=certificate)
    result = stage_at(place, hasty, user)
    assert result.code.startswith("certificate_")
    assert (result.class_, result.who) == ("network", "console administrator")


@pytest.mark.parametrize(("sent", "pause"), [("17", 17), (0, 0), ("", None), ("soon", None), (10**9, 86_400)])
def test_the_pause_asked_for_is_kept(
    gateway: Gateway, service: Make, tenant: DemoTenant, sent: str | int, pause: int | None
) -> None:
    tenant.fault(kind="throttle", match={"endpoint": "token"}, retry_after=sent)
    assert run(service(), gateway).stages[2].retry_after == pause


def test_a_pause_until_a_moment(gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
    moment = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 100))
    tenant.fault(kind="throttle", match={"endpoint": "token"}, retry_after=moment)
    assert 90 <= (run(service(), gateway).stages[2].retry_after or 0) <= 101


def test_trouble_outranks_a_plain_error(gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
    tenant.fault(kind="garbage", match={"endpoint": "token"}, status=503, message='{"error": "invalid_client"}')
    result = run(service(), gateway).stages[2]
    assert (result.code, result.class_) == ("invalid_client", "transient")


def test_a_code_outranks_trouble(gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
    tenant.fault(kind="aadsts", code=90033, status=500)
    assert run(service(), gateway).stages[2].code == "AADSTS90033"


@pytest.mark.parametrize(
    "body",
    ['{"error_codes": [7000222, "x", null, {}], "error": 7, "suberror": [], "error_description": {}}',
     '{"error_description": "AADSTS7000222: expired.", "error": null, "error_codes": [true, 1.5]}'],
)  # fmt: skip
def test_strange_refusals_of_entra_are_refusals_all_the_same(
    gateway: Gateway, service: Make, tenant: DemoTenant, body: str
) -> None:
    tenant.fault(kind="garbage", match={"endpoint": "token"}, status=400, message=body)
    result = run(service(), gateway).stages[2]
    assert (result.outcome, result.code) == ("broken", "AADSTS7000222")


@pytest.mark.parametrize("body", ["{}", '{"access_token": ""}', '{"access_token": 7}', '{"id_token": "x.y.z"}'])
def test_a_good_status_without_a_token(gateway: Gateway, service: Make, tenant: DemoTenant, body: str) -> None:
    tenant.fault(kind="garbage", match={"endpoint": "token"}, message=body)
    assert run(service(), gateway).stages[2].code == "garbage"


def test_a_refusal_with_a_good_status(gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
    tenant.fault(kind="garbage", match={"endpoint": "token"}, message='{"error": "invalid_client"}')
    result = run(service(), gateway).stages[2]
    assert (result.code, result.class_) == ("invalid_client", "secret")


@pytest.mark.parametrize("body", ['{"id_token": "not one"', '{"refresh_in": "x"', '{"expires_in": "soon"'])
def test_what_is_beside_the_token_trips_nobody(gateway: Gateway, user: Make, tenant: DemoTenant, body: str) -> None:
    tenant.fault(kind="garbage", match={"endpoint": "token"}, message=body + ', "access_token": "opaque"}')
    assert run(user(), gateway).stages[2].outcome == "ok"


def test_the_first_known_code_counts(gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
    body = '{"error": "invalid_client", "error_codes": [123456789, 7000222]}'
    tenant.fault(kind="garbage", match={"endpoint": "token"}, status=401, message=body)
    assert run(service(), gateway).stages[2].code == "AADSTS7000222"


def test_a_code_in_the_words_alone_is_found(gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
    body = '{"error": "invalid_client", "error_description": "AADSTS7000222: expired. Trace ID: 1"}'
    tenant.fault(kind="garbage", match={"endpoint": "token"}, status=401, message=body)
    assert run(service(), gateway).stages[2].code == "AADSTS7000222"


def test_an_unknown_code_keeps_its_number(gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
    body = '{"error": "invalid_client", "error_codes": [123456789]}'
    tenant.fault(kind="garbage", match={"endpoint": "token"}, status=401, message=body)
    result = run(service(), gateway).stages[2]
    assert (result.code, result.class_) == ("AADSTS123456789", "secret")
