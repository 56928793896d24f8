"""Entra's own wording: AADSTS errors and the headers of every answer."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from demo.call import Call
from demo.wire import Response, json_response

GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000"
CLAIMS = '{"access_token":{"capolids":{"essential":true,"values":["3f1c9a52-5d6b-4c1e-9c53-7a3d0f6f2f2e"]}}}'


@dataclass(frozen=True, slots=True)
class Answer:
    text: str
    status: int = 400
    error: str = "invalid_grant"
    suberror: str = ""
    claims: bool = False


def _load() -> dict[int, Answer]:
    raw = tomllib.loads((Path(__file__).with_name("answers.toml")).read_text(encoding="utf-8"))
    return {int(code): Answer(**answer) for code, answer in raw.items()}


ANSWERS = _load()
UNKNOWN = Answer("An error of which no more is known has occurred.")


class EntraError(Exception):
    def __init__(self, code: int, *, field: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.field = field


def aadsts(call: Call, code: int, *, field: str = "", status: int = 0, message: str = "") -> Response:
    """The error answer for a code; the given status and message replace the usual ones."""
    answer = ANSWERS.get(code, UNKNOWN)
    text = message or answer.text.format_map(_words(call, field))
    body = error_body(call, code, answer.error, text)
    if call.endpoint == "discovery" and code in {90002, 900021, 900023}:
        body["error"] = "invalid_tenant"
    if answer.suberror:
        body["suberror"] = answer.suberror
    if answer.claims:
        body["claims"] = CLAIMS
    return json_response(status or answer.status, body, headers(call))


def error_body(call: Call, code: int, error: str, text: str) -> dict[str, Any]:
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    ids = f"Trace ID: {call.trace_id} Correlation ID: {call.correlation_id} Timestamp: {now}"
    host = call.request.host
    return {
        "error": error,
        "error_description": f"AADSTS{code}: {text} {ids}",
        "error_codes": [code],
        "timestamp": now,
        "trace_id": call.trace_id,
        "correlation_id": call.correlation_id,
        "error_uri": f"https://{host}/error?code={code}",
    }


def headers(call: Call, cache: str = "no-store, no-cache") -> dict[str, str]:
    return {
        "Cache-Control": cache,
        "Pragma": "no-cache",
        "Expires": "-1",
        "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
        "X-Content-Type-Options": "nosniff",
        "P3P": 'CP="DSP CUR OTPi IND OTRi ONL FIN"',
        "client-request-id": call.correlation_id,
        "x-ms-request-id": call.trace_id,
        "x-ms-ests-server": "2.1.22160.5 - WEULR1 ProdSlices",
        "X-XSS-Protection": "0",
        "Set-Cookie": f"fpc={call.trace_id}; path=/; secure; HttpOnly; SameSite=None",
    }


def _words(call: Call, field: str) -> Mapping[str, str]:
    tenant, app = call.tenant, call.app
    return {
        "client_id": call.client_id,
        "app": app.name if app else "",
        "tenant": call.name,
        "tenant_name": tenant.name if tenant else call.name,
        "resource": GRAPH_APP_ID,
        "account": "{EmailHidden}",
        "scope": call.form.get("scope", ""),
        "host": call.request.host,
        "field": field,
    }
