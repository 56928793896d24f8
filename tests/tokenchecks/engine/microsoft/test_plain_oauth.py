"""A plain OAuth server of another make: its own paths, opaque tokens, errors without Microsoft's codes."""

import json
import ssl
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from configurator.vault.text import Secret
from tests.tokenchecks.engine.servers import LOGIN, RawServer, answer, read_request
from tokenchecks.engine.microsoft.entra import Gateway
from tokenchecks.engine.results import Outcome
from tokenchecks.engine.stages.check import run
from tokenchecks.engine.subject import Subject

TENANT = "3f2a6c1e-9d4b-4a7e-8f10-2b3c4d5e6f70"
CLIENT = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
SECRET = "plain-server-secret"
BASE = f"https://{LOGIN}/{TENANT}/v2.0"


class PlainOAuth:
    """RFC 6749 and nothing more; `document` is what its discovery tells."""

    def __init__(self) -> None:
        self.document: dict[str, str] = {
            "issuer": BASE,
            "token_endpoint": f"{BASE}/token",
            "authorization_endpoint": f"{BASE}/auth",
        }
        self.token: dict[str, object] = {"access_token": "opaque-5Xq", "token_type": "Bearer", "expires_in": 600}
        self.forms: list[dict[str, list[str]]] = []

    def __call__(self, sock: ssl.SSLSocket, _number: int) -> None:
        while request := read_request(sock):
            head, _, body = request.partition(b"\r\n\r\n")
            sock.sendall(self._answer(head.split(b" ")[1].decode(), body.decode()))

    def _answer(self, path: str, body: str) -> bytes:
        if path == f"/{TENANT}/v2.0/.well-known/openid-configuration":
            return answer(json.dumps(self.document))
        if path != f"/{TENANT}/v2.0/token":
            return answer('{"error": "invalid_request"}', status="404 Not Found")
        form = parse_qs(body)
        self.forms.append(form)
        if form.get("client_id") != [CLIENT] or form.get("client_secret") != [SECRET]:
            refusal = {"error": "invalid_client", "error_description": "client authentication failed"}
            return answer(json.dumps(refusal), status="401 Unauthorized")
        if form["grant_type"] != ["client_credentials"]:
            return answer(json.dumps({"error": "unsupported_grant_type"}), status="400 Bad Request")
        return answer(json.dumps(self.token))


@pytest.fixture
def oauth() -> PlainOAuth:
    return PlainOAuth()


@pytest.fixture
def plain(tmp_path: Path, oauth: PlainOAuth) -> Iterator[Gateway]:
    with RawServer(tmp_path, oauth) as server:
        gateway = Gateway(server.connect_to, server.ca_file, deadline=3.0)
        yield gateway
        gateway.close()


def subject(secret: str = SECRET, tenant: str = TENANT, client_id: str = CLIENT) -> Subject:
    return Subject("incoming", "plain", LOGIN, tenant, client_id, "oauth_service", secret=Secret(secret))


def outcomes(outcome: Outcome) -> list[tuple[str, str]]:
    return [(result.outcome, result.code) for result in outcome.stages]


def test_an_opaque_token_is_enough_for_a_warning(plain: Gateway, oauth: PlainOAuth) -> None:
    outcome = run(subject(), plain)
    assert outcomes(outcome) == [
        ("ok", ""), ("ok", ""), ("ok", ""), ("warning", "claims_unreadable"), ("not_needed", ""),
        ("not_needed", ""), ("not_needed", ""),
    ]  # fmt: skip
    assert outcome.status == "warning"
    assert oauth.forms[0]["scope"] == ["https://graph.microsoft.com/.default"]


def test_a_wrong_secret(plain: Gateway) -> None:
    result = run(subject(secret="wrong-server-secret"), plain).stages[2]
    assert (result.outcome, result.code, result.class_, result.who, result.field) == (
        "broken", "invalid_client", "secret", "console administrator", "secret",
    )  # fmt: skip
    assert result.provider_words == "client authentication failed"


def test_a_secret_id_in_its_place(plain: Gateway) -> None:
    assert run(subject(secret=TENANT), plain).stages[2].cause == "secret_id_pasted"


def test_a_client_id_of_another_form(plain: Gateway) -> None:
    outcome = run(subject(client_id="some-client"), plain)
    assert outcomes(outcome)[:3] == [("warning", "client_id_malformed"), ("ok", ""), ("broken", "invalid_client")]


def test_another_tenant_is_not_found(plain: Gateway) -> None:
    result = run(subject(tenant="00000000-0000-4000-8000-000000000000"), plain).stages[1]
    assert (result.outcome, result.code, result.class_, result.field) == (
        "broken",
        "invalid_request",
        "tenant",
        "address",
    )


def test_a_password_grant_that_is_not_offered(plain: Gateway, oauth: PlainOAuth) -> None:
    user = Subject(
        "address", "user", LOGIN, TENANT, CLIENT, "oauth_user", Secret(SECRET),
        mailbox="a@b.example", account="a@b.example", password=Secret("a password"),
    )  # fmt: skip
    result = run(user, plain).stages[2]
    assert (result.code, result.class_) == ("unsupported_grant_type", "app")
    assert oauth.forms[0]["grant_type"] == ["password"]


def test_a_document_without_an_authorization_endpoint(plain: Gateway, oauth: PlainOAuth) -> None:
    del oauth.document["authorization_endpoint"]
    assert run(subject(), plain).stages[2].outcome == "ok"


def test_an_issuer_of_its_own(plain: Gateway, oauth: PlainOAuth) -> None:
    oauth.document["issuer"] = "https://idp.example"
    assert outcomes(run(subject(), plain))[1:3] == [("warning", "issuer_foreign"), ("ok", "")]


def test_a_token_in_a_form_of_its_own(plain: Gateway, oauth: PlainOAuth) -> None:
    oauth.token["access_token"] = "eyJhbGciOiJub25lIn0.eyJhdWQiOiJhcGkiLCJzdWIiOiJ4In0.c2ln"
    assert run(subject(), plain).stages[3].code == "claims_unreadable"


@pytest.mark.parametrize("code", ["invalid_scope", "unauthorized_client", "temporarily_unavailable"])
def test_other_errors_have_a_meaning(plain: Gateway, oauth: PlainOAuth, code: str) -> None:
    oauth.token = {"error": code}
    result = run(subject(), plain).stages[2]
    assert (result.outcome, result.code) == ("broken", code)
    assert result.class_
