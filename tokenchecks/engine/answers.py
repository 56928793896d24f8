"""What Entra and Graph answer, as types: a refusal with all that it tells, a token, a tenant's document."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from configurator.vault.text import Secret
from tokenchecks.engine.transport import Response, TransportError

AADSTS: Final = re.compile(r"AADSTS(\d{4,10})")
LONGEST_PAUSE: Final = 86_400
IDS: Final = ("client-request-id", "x-ms-request-id", "request-id")
SUCCESS: Final = range(200, 300)

JsonObject = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A server's no. Its texts may hold anything: they pass through a Redactor before they are kept."""

    status: int
    codes: tuple[str, ...] = ()
    suberror: str = field(default="", repr=False)
    error: str = field(default="", repr=False)
    words: str = field(default="", repr=False)
    correlation_id: str = field(default="", repr=False)
    retry_after: int | None = None
    realm: str = ""


class RefusedError(Exception):
    """A server answered with a refusal; the message tells its HTTP status only."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(f"HTTP {refusal.status}")
        self.refusal = refusal


class FederatedError(Exception):
    """The account signs in elsewhere; nothing was sent there."""


@dataclass(frozen=True, slots=True)
class TenantDocument:
    """What counts of a tenant's openid-configuration; `tenant_id` is empty where the issuer names none."""

    tenant_id: str
    issuer: str
    token_endpoint: str
    graph_host: str
    region: str
    correlation_id: str
    status: int = 0


@dataclass(frozen=True, slots=True)
class TokenAnswer:
    """A token straight from the server, and the server's time."""

    token: Secret
    correlation_id: str
    server_time: datetime | None
    realm: str = ""
    status: int = 0


def json_object(response: Response, host: str) -> JsonObject:
    """Return the answer's JSON object; TransportError("garbage") when it is none."""
    try:
        data = json.loads(response.text)
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise TransportError("garbage", host, f"the answer (HTTP {response.status}) is not JSON")
    return data


def read_refusal(response: Response, sent_id: str = "") -> Refusal:
    """Read a refusal of Entra, of Graph or of any OAuth server, however little it tells."""
    try:
        data = json_object(response, "")
    except TransportError:
        return _refusal(response, sent_id, {})
    inner = data.get("error")
    return _graph(response, sent_id, inner) if isinstance(inner, dict) else _refusal(response, sent_id, data)


def server_time(response: Response) -> datetime | None:
    """Return the server's clock as the answer tells it."""
    try:
        return parsedate_to_datetime(response.headers.get("date", "")).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def correlation(response: Response, data: JsonObject, sent_id: str) -> str:
    """Return the ID by which both sides find this exchange again."""
    named = (_string(data.get("correlation_id")), *(response.headers.get(name, "") for name in IDS), sent_id)
    return next(filter(None, named), "")


def _refusal(response: Response, sent_id: str, data: JsonObject) -> Refusal:
    words = _string(data.get("error_description")) or _string(data.get("message"))
    listed = data.get("error_codes")
    codes = [str(code) for code in listed if type(code) is int] if isinstance(listed, list) else []
    return Refusal(
        status=response.status,
        codes=tuple(codes or AADSTS.findall(words)[:1]),
        suberror=_string(data.get("suberror")),
        error=_string(data.get("error")),
        words=words,
        correlation_id=correlation(response, data, sent_id),
        retry_after=_retry_after(response),
    )


def _graph(response: Response, sent_id: str, error: JsonObject) -> Refusal:
    inner = error.get("innerError") or error.get("innererror")
    inner = inner if isinstance(inner, dict) else {}
    code = _string(error.get("code"))
    return Refusal(
        status=response.status,
        codes=(code,) if code else (),
        words=_string(error.get("message")),
        correlation_id=_string(inner.get("client-request-id")) or correlation(response, {}, sent_id),
        retry_after=_retry_after(response),
    )


def _retry_after(response: Response) -> int | None:
    """Return the pause asked for, in seconds, given as a number or as a moment."""
    text = response.headers.get("retry-after", "").strip()
    if not text:
        return None
    try:
        seconds = int(text)
    except ValueError:
        try:
            seconds = round((parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
        except (ValueError, TypeError, OverflowError):
            return None
    return max(0, min(seconds, LONGEST_PAUSE))


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""
