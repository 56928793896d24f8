"""A hostile server repeats what it was sent, in every form: nothing of it is in any outcome or log."""

import base64
import html
import json
import logging
from collections.abc import Callable
from dataclasses import asdict
from urllib.parse import quote

import pytest

from configurator.vault.text import Secret
from demo.server import DemoTenant
from tests.tokenchecks.engine.conftest import Make
from tokenchecks.engine.microsoft.entra import Gateway
from tokenchecks.engine.stages.check import run

CANARY = "Cänary~8Q.&\"<x>' +/=🐤tail"
FORMS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "upper": str.upper,
    "percent": lambda text: quote(text, safe=""),
    "percent twice": lambda text: quote(quote(text, safe=""), safe=""),
    "percent all": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64url": lambda text: base64.urlsafe_b64encode(f"user:{text}".encode()).decode(),
    "base64 inside": lambda text: base64.b64encode(f"a:{text}:b".encode()).decode(),
    "json": json.dumps,
    "json twice": lambda text: json.dumps(json.dumps(text)),
    "escapes": lambda text: "".join(f"\\u{ord(letter):04x}" for letter in text if ord(letter) < 0x10000),
    "html": html.escape,
    "html numbers": lambda text: "".join(f"&#{ord(letter)};" for letter in text),
    "hex": lambda text: text.encode().hex(),
    "reversed": lambda text: text[::-1],
    "spaced": " ".join,
    "cut": lambda text: text[3:14],
}


def spelled(outcome: object, log: str) -> str:
    return json.dumps(outcome, default=str, ensure_ascii=False) + log


def leaked(text: str, secret: str) -> list[str]:
    """The forms of which a piece of eight characters stands in the text."""
    return [
        name
        for name, form in FORMS.items()
        for spelling in [form(secret)]
        if name != "spaced" and any(spelling[start : start + 8] in text for start in range(max(1, len(spelling) - 7)))
    ]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("field", ["error_description", "error", "suberror", "correlation_id", "trace_id"])
def test_no_form_of_the_secret_comes_back(
    gateway: Gateway, service: Make, tenant: DemoTenant, caplog: pytest.LogCaptureFixture, form: str, field: str
) -> None:
    caplog.set_level(logging.DEBUG)
    body = {"error": "invalid_client", "error_codes": [7000215], field: f"You sent {FORMS[form](CANARY)}!"}
    tenant.fault(kind="garbage", match={"endpoint": "token"}, status=401, message=json.dumps(body))
    outcome = run(service(secret=Secret(CANARY)), gateway)
    text = spelled(asdict(outcome.stages[2]), caplog.text)
    assert leaked(text, CANARY) == []


@pytest.mark.parametrize("place", ["discovery", "realm", "token", "graph"])
def test_the_demo_tenants_echo(
    gateway: Gateway, user: Make, tenant: DemoTenant, caplog: pytest.LogCaptureFixture, place: str
) -> None:
    caplog.set_level(logging.DEBUG)
    tenant.fault(kind="echo_secret", match={"endpoint": place})
    subject = user()
    outcome = run(subject, gateway)
    text = spelled([asdict(stage) for stage in outcome.stages], caplog.text)
    # Where no realm is to be had, the check goes on to the token.
    assert outcome.status == ("ok" if place == "realm" else "broken")
    assert leaked(text, subject.secrets[0].reveal()) == []
    assert "eyJ" not in text


def test_a_token_is_not_kept_either(gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
    tenant.fault(kind="opaque")
    tenant.fault(kind="echo_secret", match={"endpoint": "graph"})
    outcome = run(service(), gateway)
    assert outcome.stages[4].outcome == "broken"
    assert "EwB4" not in spelled([asdict(stage) for stage in outcome.stages], "")


@pytest.mark.parametrize("secret", ["12345678", "7000215"])
def test_a_secret_of_digits_is_no_code(gateway: Gateway, service: Make, tenant: DemoTenant, secret: str) -> None:
    body = {"error": "invalid_client", "error_codes": [int(secret)], "error_description": f"AADSTS{secret}: {secret}"}
    tenant.fault(kind="garbage", match={"endpoint": "token"}, status=401, message=json.dumps(body))
    outcome = run(service(secret=Secret(secret)), gateway)
    assert secret not in spelled([asdict(stage) for stage in outcome.stages], "")


def test_a_secret_id_as_correlation_id(gateway: Gateway, service: Make, tenant: DemoTenant) -> None:
    guid = "a3c5e7f9-1b2d-4e6f-8a0c-123456789abc"
    body = {"error": "invalid_client", "error_codes": [7000215], "correlation_id": guid}
    tenant.fault(kind="garbage", match={"endpoint": "token"}, status=401, message=json.dumps(body))
    result = run(service(secret=Secret(guid)), gateway).stages[2]
    assert (result.cause, result.correlation_id) == ("secret_id_pasted", "")


@pytest.mark.parametrize("fields", [{"roles": [CANARY]}, {"aud": CANARY}, {"appid": CANARY}, {"tid": CANARY}])
def test_the_token_itself_repeats_the_secret(
    gateway: Gateway, service: Make, tenant: DemoTenant, fields: dict[str, object]
) -> None:
    tenant.fault(kind="claims", fields=fields)
    tenant.world.app(service().client_id).secrets[0].value = CANARY
    outcome = run(service(secret=Secret(CANARY)), gateway)
    assert outcome.stages[2].outcome == "ok"
    assert leaked(spelled([asdict(stage) for stage in outcome.stages], ""), CANARY) == []


@pytest.mark.parametrize(
    "fields", [{"issuer": f"https://{CANARY}/"}, {"tenant_region_scope": CANARY[:7]}, {"token_endpoint": CANARY}]
)
def test_the_document_repeats_the_secret(
    gateway: Gateway, service: Make, tenant: DemoTenant, fields: dict[str, object]
) -> None:
    tenant.fault(kind="document", fields=fields)
    outcome = run(service(secret=Secret(CANARY)), gateway)
    assert leaked(spelled([asdict(stage) for stage in outcome.stages], ""), CANARY) == []
