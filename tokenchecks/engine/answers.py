"""Answers of Entra and Graph as types: refusals, tokens, a tenant's document."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from configurator.vault.text import Secret
from tokenchecks.engine.explain.catalogue import catalogue
from tokenchecks.engine.microsoft.origin import NETWORKS_OWN, foreign, is_microsofts
from tokenchecks.engine.microsoft.transport import Response

AADSTS: Final = re.compile(r"AADSTS(\d{4,10})")
LONGEST_PAUSE: Final = 86_400
IDS: Final = ("client-request-id", "x-ms-request-id", "request-id")
SUCCESS: Final = range(200, 300)
OK: Final = 200
JSON_TYPE: Final = re.compile(r"application/(?:[\w.-]+\+)?json\s*(?:;|$)", re.IGNORECASE)
# RFC 6749, 5.2, and what Entra answers in trouble: a plain OAuth server need not say more than one of these.
OAUTH_ERRORS: Final = frozenset(
    {"invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type",
     "invalid_scope", "temporarily_unavailable", "server_error"}
)  # fmt: skip

JsonObject = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal of a server. Its texts may hold anything: they pass a Redactor before they are stored."""

    status: int
    codes: tuple[str, ...] = ()
    suberror: str = field(default="", repr=False)
    error: str = field(default="", repr=False)
    words: str = field(default="", repr=False)
    correlation_id: str = field(default="", repr=False)
    retry_after: int | None = None
    realm: str = ""


class RefusedError(Exception):
    """A server refused; the message has its HTTP status only."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(f"HTTP {refusal.status}")
        self.refusal = refusal


class FederatedError(Exception):
    """The account signs in with another identity provider; nothing was sent there."""


@dataclass(frozen=True, slots=True)
class TenantDocument:
    """The used part of a tenant's openid-configuration; `tenant_id` is empty where the issuer names none."""

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
    """Return the JSON object of a success; TransportError for any other body."""
    data = _parsed(response)
    content_type = response.headers.get("content-type", "")
    if response.status != OK or data is None or not JSON_TYPE.match(content_type):
        raise foreign(response, host)
    return data


def graph_entity(response: Response, host: str, kind: str) -> JsonObject:
    """Return an entity of Graph, which always names its type, as `kind`; TransportError for anything else."""
    data = json_object(response, host)
    named = _string(data.get("@odata.context")).partition("$metadata#")[2]
    if kind.casefold() not in named.casefold() or not _string(data.get("id")):
        raise foreign(response, host)
    return data


def entra_refusal(response: Response, host: str, sent_id: str = "") -> Refusal:
    """Read a refusal of Entra or of any OAuth server; TransportError when something on the way answered."""
    data = _parsed(response) or {}
    words = _string(data.get("error_description"))
    listed = data.get("error_codes")
    numbers = [str(code) for code in listed if type(code) is int] if isinstance(listed, list) else []
    codes = numbers or AADSTS.findall(words)[:1]
    error = _string(data.get("error"))
    if not (codes or error in OAUTH_ERRORS or is_microsofts(response)) or response.status in NETWORKS_OWN:
        raise foreign(response, host)
    return Refusal(
        status=response.status,
        codes=tuple(codes),
        suberror=_string(data.get("suberror")),
        error=error,
        words=words,
        correlation_id=correlation(response, data, sent_id),
        retry_after=_retry_after(response),
    )


def graph_refusal(response: Response, host: str, sent_id: str) -> Refusal:
    """Read a refusal of Graph; TransportError when something on the way answered."""
    error = (_parsed(response) or {}).get("error")
    error = error if isinstance(error, dict) else {}
    inner = error.get("innerError") or error.get("innererror")
    inner = inner if isinstance(inner, dict) else {}
    code = _string(error.get("code"))
    worded = bool(code) and isinstance(error.get("message"), str) and (inner or code in catalogue().tables["graph"])
    if not (worded or is_microsofts(response)) or response.status in NETWORKS_OWN:
        raise foreign(response, host)
    return Refusal(
        status=response.status,
        codes=(code,) if code else (),
        words=_string(error.get("message")),
        correlation_id=_string(inner.get("client-request-id")) or correlation(response, {}, sent_id),
        retry_after=_retry_after(response),
    )


def server_time(response: Response) -> datetime | None:
    """Return the server's time from the Date header."""
    try:
        return parsedate_to_datetime(response.headers.get("date", "")).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def correlation(response: Response, data: JsonObject, sent_id: str) -> str:
    """Return the ID by which both sides find this exchange again."""
    named = (_string(data.get("correlation_id")), *(response.headers.get(name, "") for name in IDS), sent_id)
    return next(filter(None, named), "")


def _parsed(response: Response) -> dict[str, Any] | None:
    try:
        data = json.loads(response.text)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _retry_after(response: Response) -> int | None:
    """Return the requested wait in seconds, sent as a number or as a date."""
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
