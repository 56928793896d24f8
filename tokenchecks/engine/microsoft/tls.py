"""TLS connections under the real host name, wherever they lead, and the names of their faults."""

import contextlib
import socket
import ssl
import threading
from pathlib import Path
from typing import Final

import certifi

from tokenchecks.engine.microsoft.proxy import Proxy, open_tunnel
from tokenchecks.engine.microsoft.sockets import remaining
from tokenchecks.engine.microsoft.transport import Kind, TransportError

Address = tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]
Endpoint = tuple[socket.AddressFamily, socket.SocketKind, int, str, Address]

# OpenSSL's verification results (x509_vfy.h) that have a cause of their own.
CERTIFICATE_KINDS: Final[dict[int, Kind]] = {
    9: "certificate_expired",
    10: "certificate_expired",
    62: "certificate_host",
    64: "certificate_host",
}


def tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """Trust certifi's roots, and those of `ca_file`; the environment has no influence."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(cafile=certifi.where())
    if ca_file is not None:
        context.load_verify_locations(cafile=str(ca_file))
    context.set_alpn_protocols(["http/1.1"])
    return context


def open_tls(
    host: str, target: tuple[str, int], context: ssl.SSLContext, until: float, proxy: Proxy | None = None
) -> ssl.SSLSocket:
    """Connect to `target`, through the proxy if there is one, and verify that it is `host`, all by `until`."""
    plain = _through(proxy, host, target, until) if proxy else _connect(host, _resolve(host, target, until), until)
    try:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        plain.settimeout(remaining(until))
        return context.wrap_socket(plain, server_hostname=host)
    except ssl.SSLCertVerificationError as error:
        plain.close()
        kind = CERTIFICATE_KINDS.get(error.verify_code, "certificate_untrusted")
        raise TransportError(kind, host, error.verify_message) from None
    except (OSError, EOFError) as error:
        plain.close()
        raise TransportError("tls", host, f"no TLS session: {_reason(error)}") from None


def _through(proxy: Proxy, host: str, target: tuple[str, int], until: float) -> socket.socket:
    try:
        plain = _connect(host, _resolve(host, (proxy.host, proxy.port), until), until)
    except TransportError as error:
        kind: Kind = "proxy_dns" if error.kind == "dns" else "proxy_connect"
        raise TransportError(kind, host, f"the proxy {proxy}: {error.detail}") from None
    try:
        open_tunnel(plain, proxy, *target, until)
    except TransportError:
        plain.close()
        raise
    return plain


def _reason(error: BaseException) -> str:
    """Return the system's short words for the error; a time-out has none of its own."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return getattr(error, "reason", None) or getattr(error, "strerror", None) or type(error).__name__


def _resolve(host: str, target: tuple[str, int], until: float) -> list[Endpoint]:
    """Look the target up; the system's resolver has no time limit, so it gets a thread of its own."""
    found: list[Endpoint] = []
    with contextlib.suppress(OSError, UnicodeError):
        found.extend(socket.getaddrinfo(*target, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST))
        return found

    def look_up() -> None:
        with contextlib.suppress(OSError, UnicodeError):
            found.extend(socket.getaddrinfo(*target, type=socket.SOCK_STREAM))

    thread = threading.Thread(target=look_up, name="resolve", daemon=True)
    thread.start()
    thread.join(remaining(until))
    if not found:
        raise TransportError("dns", host, f"the name {target[0]} was not found")
    return list(found)


def _connect(host: str, endpoints: list[Endpoint], until: float) -> socket.socket:
    """Connect to the first endpoint that answers; all of them together get the time a single one has."""
    reason = "no address"
    for family, kind, protocol, _name, address in endpoints:
        try:
            plain = socket.socket(family, kind, protocol)
        except OSError as error:
            reason = _reason(error)
            continue
        try:
            plain.settimeout(remaining(until))
            plain.connect(address)
        except OSError as error:
            plain.close()
            reason = _reason(error)
        else:
            return plain
    raise TransportError("connect", host, f"no connection: {reason}")
