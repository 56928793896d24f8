"""The result of one HTTP exchange: an answer, or a typed reason why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

Kind = Literal[
    "dns",
    "connect",
    "tls",
    "certificate_expired",
    "certificate_untrusted",
    "certificate_host",
    "timeout",
    "closed",
    "redirect",
    "oversized",
    "garbage",
    "portal",
    "proxy_dns",
    "proxy_connect",
    "proxy_timeout",
    "proxy_sign_in",
    "proxy_sign_in_refused",
    "proxy_forbids",
    "proxy_no_way",
    "proxy_garbage",
    "forbidden_host",
]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
# Nothing of the request had left this server.
UNSENT: Final[frozenset[Kind]] = frozenset(
    {
        *("dns", "connect", "certificate_expired", "certificate_untrusted", "certificate_host", "forbidden_host"),
        *(kind for kind in KINDS if kind.startswith("proxy_")),
    }
)


@dataclass(frozen=True, slots=True)
class Response:
    """An answer: headers in lower case, the body as text, the whole exchange in milliseconds."""

    status: int
    headers: Mapping[str, str]
    text: str
    ms: int


class TransportError(Exception):
    """No usable answer. The message names the host and never holds what was sent or received.

    `seen` is what another sender than Microsoft said of itself: it may hold anything, and passes a Redactor.
    """

    def __init__(self, kind: Kind, host: str, detail: str, *, seen: str = "") -> None:
        super().__init__(f"{host}: {detail}")
        self.kind: Kind = kind
        self.host = host
        self.detail = detail
        self.seen = seen
