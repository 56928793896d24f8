"""A proxy of the network: CONNECT (RFC 9110, 9.3.6), with Basic sign-in (RFC 7617)."""

import base64
import http.client
import socket
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from configurator.vault.text import Secret
from tokenchecks.engine.microsoft.origin import NETWORK_SIGN_IN, PROXY_SIGN_IN, seen
from tokenchecks.engine.microsoft.sockets import OversizedError, TimedSocket
from tokenchecks.engine.microsoft.transport import Kind, Response, TransportError
from tokenchecks.engine.redact import Redactor

MOST_BYTES: Final = 64 * 1024
CONNECTED: Final = range(200, 300)
FORBIDDEN: Final = range(400, 500)
NO_WAY: Final = range(500, 600)
# RemoteDisconnected is both: that the connection ended is reported before that it was no HTTP.
FAULTS: Final[tuple[tuple[type[Exception], Kind, str], ...]] = (
    (TimeoutError, "proxy_timeout", "no answer in time"),
    (OSError, "proxy_garbage", "the connection was closed without an answer"),
    (OversizedError, "proxy_garbage", "the answer is too large"),
    (http.client.HTTPException, "proxy_garbage", "what came back is not HTTP"),
    (ValueError, "proxy_garbage", "what came back is not HTTP"),
)
FAULT_TYPES: Final = tuple(fault for fault, _, _ in FAULTS)


@dataclass(frozen=True, slots=True)
class Proxy:
    host: str
    port: int
    user: str = ""
    password: Secret = field(default_factory=lambda: Secret(""))

    def __str__(self) -> str:
        """The address, as a page may show it."""
        return _address(self.host, self.port)


def _address(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def open_tunnel(sock: socket.socket, proxy: Proxy, host: str, port: int, until: float) -> None:
    """Have the proxy connect to host and port by `until`; TransportError where it does not."""
    wire = TimedSocket(sock, MOST_BYTES)
    wire.begin(until)
    wire.sendall(_request(proxy, host, port))
    try:
        answer = http.client.HTTPResponse(wire, method="CONNECT")  # type: ignore[arg-type]  # the part that it uses
        with answer:
            answer.begin()
            if answer.status not in CONNECTED:
                raise _refusal(answer, proxy, host)
    except FAULT_TYPES as error:
        kind, detail = next((kind, detail) for fault, kind, detail in FAULTS if isinstance(error, fault))
        raise TransportError(kind, host, f"the proxy {proxy}: {detail}") from None


def _request(proxy: Proxy, host: str, port: int) -> bytes:
    target = _address(host, port)
    lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
    if proxy.user:
        pair = f"{proxy.user}:{proxy.password.reveal()}".encode()
        lines.append(f"Proxy-Authorization: Basic {base64.b64encode(pair).decode()}")
    return "\r\n".join((*lines, "", "")).encode()


def _refusal(answer: http.client.HTTPResponse, proxy: Proxy, host: str) -> TransportError:
    """Return the error for the proxy's answer, with what its page says."""
    text = ""
    with suppress(*FAULT_TYPES):
        text = answer.read(MOST_BYTES).decode("utf-8", "replace")
    headers = {name.lower(): value for name, value in answer.getheaders()}
    said = Redactor([proxy.password]).clean(seen(Response(answer.status, headers, text, 0)))
    detail = f"the proxy {proxy} answered HTTP {answer.status}"
    return TransportError(_kind(answer.status, proxy), host, detail, seen=said)


def _kind(status: int, proxy: Proxy) -> Kind:
    if status == PROXY_SIGN_IN:
        return "proxy_sign_in_refused" if proxy.user else "proxy_sign_in"
    if status == NETWORK_SIGN_IN:
        return "portal"
    if status in FORBIDDEN:
        return "proxy_forbids"
    return "proxy_no_way" if status in NO_WAY else "proxy_garbage"
