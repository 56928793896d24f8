"""Who answered: Microsoft, or a proxy, web filter or sign-in page on the way.

A refusal counts as Microsoft's when its body has the shape of one, or when its headers are those that Entra and Graph
put on every answer. While they are in trouble, a gateway in front of them answers with a page or nothing at all: then
its own headers will do.
"""

import html
import re
from typing import Final
from urllib.parse import urlsplit

from tokenchecks.engine.microsoft.transport import Kind, Response, TransportError

# On every answer of the services themselves, good or bad.
SERVICE_HEADERS: Final = frozenset({"request-id", "x-ms-ags-diagnostic", "x-ms-request-id", "x-ms-ests-server"})
# Added by Azure Front Door and by Exchange's front ends.
GATEWAY_HEADERS: Final = frozenset({"x-azure-ref", "x-msedge-ref", "x-feserver", "x-beserver", "x-calculatedbetarget"})
GATEWAY_SERVERS: Final = ("microsoft-azure-application-gateway", "microsoft-httpapi", "microsoft-iis")
# How the pages of these gateways begin or end where no service answers them.
GATEWAY_PAGES: Final = re.compile(
    r"our services aren't available right now|http error 503\. the service is unavailable"
    r"|microsoft-azure-application-gateway",
    re.IGNORECASE,
)
# Added by middleboxes.
PROXY_HEADERS: Final = ("via", "x-squid-error", "proxy-authenticate", "proxy-status", "proxy-agent", "x-cache")

THROTTLED: Final = 429
UNAVAILABLE: Final = 503
TROUBLE: Final = frozenset({THROTTLED, *range(500, 600)})
# Microsoft sends neither: both are meant for the client's own network (RFC 9110, 15.5.8, and RFC 6585, 6).
PROXY_SIGN_IN: Final = 407
NETWORK_SIGN_IN: Final = 511
NETWORKS_OWN: Final = frozenset({PROXY_SIGN_IN, NETWORK_SIGN_IN})

READ: Final = 32_768
LONGEST: Final = 100
HEADINGS: Final = tuple(
    re.compile(rf"<{tag}(?:\s[^>]{{0,200}})?>(.{{1,400}}?)</{tag}>", re.IGNORECASE) for tag in ("title", "h1", "h2")
)
TAG: Final = re.compile(r"<[^>]{0,200}>")
PASSWORD_FIELD: Final = re.compile(r"<input\s[^>]{0,400}type\s?=\s?[\"']?password", re.IGNORECASE)


def is_microsofts(response: Response) -> bool:
    """Return by the headers whether a refusal without a body of Microsoft's shape is Microsoft's."""
    headers, status = response.headers, response.status
    if status in NETWORKS_OWN:
        return False
    if SERVICE_HEADERS & headers.keys():
        return True
    if status not in TROUBLE or any(name in headers for name in PROXY_HEADERS):
        return False
    asks_to_wait = status in {THROTTLED, UNAVAILABLE} and "retry-after" in headers and not response.text.strip()
    named = headers.get("server", "").casefold().startswith(GATEWAY_SERVERS)
    page = GATEWAY_PAGES.search(response.text[:READ])
    return asks_to_wait or named or bool(page or GATEWAY_HEADERS & headers.keys())


def foreign(response: Response, host: str) -> TransportError:
    """Return the error for an answer from elsewhere, with what identifies its sender."""
    kind: Kind = "garbage"
    if response.status == PROXY_SIGN_IN:
        kind = "proxy_sign_in"
    elif response.status == NETWORK_SIGN_IN or PASSWORD_FIELD.search(response.text[:READ]):
        kind = "portal"
    return TransportError(
        kind,
        host,
        f"a web filter or proxy answered in Microsoft's place (HTTP {response.status})",
        seen=seen(response),
    )


def seen(response: Response) -> str:
    """Return what the sender says of itself: the title of its page, and the headers with its name."""
    headers = response.headers
    said = _quoted(response.text[:READ])
    named = [_cut(f"{name}: {headers[name]}") for name in ("server", *PROXY_HEADERS) if name in headers]
    return "; ".join(filter(None, (f"“{said}”" if said else "", *named, _led_to(headers.get("location", "")))))


def _led_to(location: str) -> str:
    """Return the host of a redirect; its path and query may repeat what was sent."""
    try:
        host = urlsplit(location).hostname
    except ValueError:
        return ""
    return _cut(f"leads to {host}") if host else ""


def _quoted(text: str) -> str:
    """Return the title or first heading of a page, or the beginning of a plain text; nothing of JSON."""
    words = " ".join(text.lstrip("\ufeff").split())
    if words[:1] in {"{", "[", '"'}:
        return ""
    if not words.startswith("<"):
        return _cut(words)
    headings = (_plain(found[1]) for found in (pattern.search(words) for pattern in HEADINGS) if found)
    return _cut(next(filter(None, headings), ""))


def _plain(markup: str) -> str:
    return " ".join(html.unescape(TAG.sub(" ", markup)).split())


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
