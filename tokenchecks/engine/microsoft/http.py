"""The one way out: HTTPS to Microsoft's known hosts, with limits, and nothing taken from the environment."""

import http.client
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from mailsettings.identifiers.clouds import KNOWN_HOSTS
from tokenchecks.engine.microsoft.origin import seen
from tokenchecks.engine.microsoft.pool import HTTPS, Connection, Pool
from tokenchecks.engine.microsoft.proxy import Proxy
from tokenchecks.engine.microsoft.sockets import OversizedError, TimedSocket
from tokenchecks.engine.microsoft.tls import open_tls, tls_context
from tokenchecks.engine.microsoft.transport import Kind, Response, TransportError

MAX_BYTES: Final = 256 * 1024
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})

# The first match counts; the texts are ours, since the exceptions' own may hold what was received.
FAULTS: Final[tuple[tuple[type[Exception], Kind, str], ...]] = (
    (OversizedError, "oversized", "the answer is larger than any that is of use"),
    (TimeoutError, "timeout", "no complete answer in time"),
    (http.client.RemoteDisconnected, "closed", "the connection was closed without an answer"),
    (http.client.IncompleteRead, "closed", "the connection was closed in the middle of the answer"),
    (ssl.SSLEOFError, "closed", "the connection was cut"),
    (ssl.SSLZeroReturnError, "closed", "the connection was closed"),
    (ssl.SSLError, "tls", "the TLS session broke"),
    (OSError, "closed", "the connection was cut"),
    (http.client.HTTPException, "garbage", "what came back is not HTTP"),
    (ValueError, "garbage", "what came back is not HTTP"),
)
FAULT_TYPES: Final[tuple[type[Exception], ...]] = (TransportError, *(fault for fault, _, _ in FAULTS))


class StaleError(Exception):
    """A kept-alive connection was dead before a byte of the answer came."""


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    host: str
    target: str
    headers: Mapping[str, str]
    body: bytes | None
    started: float = field(default_factory=time.monotonic)


class GuardedClient:
    """A thread-safe HTTPS client: one TLS context, kept-alive connections, known hosts only.

    `connect_to` leads a host's traffic to another address; URL, SNI and certificate check keep the real name. All other
    hosts are reached through the proxy, where there is one. It survives a fork: each process keeps connections of its
    own.
    """

    def __init__(
        self,
        connect_to: Mapping[str, tuple[str, int]],
        ca_file: Path | None,
        *,
        proxy: Proxy | None = None,
        connect_timeout: float = 5.0,
        deadline: float = 15.0,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        self._connect_to = dict(connect_to)
        self._proxy = proxy
        self._context = tls_context(ca_file)
        self._connect_timeout = connect_timeout
        self._deadline = deadline
        self._max_bytes = max_bytes
        self._pool = Pool()

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        fresh: bool = False,
    ) -> Response:
        """Do one exchange, or raise TransportError.

        It is repeated, once, only if a kept-alive connection turns out dead before a byte of the answer came; `fresh`
        takes a new connection instead, for what must never be sent twice.
        """
        host, target = allowed(url)
        request = _Request(method, host, target, headers or {}, body)
        pooled = None if fresh else self._pool.take(host)
        if pooled is not None:
            try:
                return self._exchange(pooled, request)
            except StaleError:
                pass
        return self._exchange(self._open(request), request)

    def close(self) -> None:
        """Close the idle connections."""
        self._pool.close()

    def proxy_of(self, host: str) -> Proxy | None:
        """Return the proxy for a host, None where it is reached without one."""
        return None if host in self._connect_to else self._proxy

    def _open(self, request: _Request) -> Connection:
        until = request.started + min(self._connect_timeout, self._deadline)
        target = self._connect_to.get(request.host, (request.host, HTTPS))
        try:
            sock = open_tls(request.host, target, self._context, until, self.proxy_of(request.host))
        except TimeoutError as error:
            raise _typed(error, request.host) from None
        return Connection(request.host, TimedSocket(sock, self._max_bytes), self._context)

    def _exchange(self, connection: Connection, request: _Request) -> Response:
        """Send, receive, and keep the connection if it may be used again."""
        connection.wire.begin(request.started + self._deadline)
        try:
            connection.request(request.method, request.target, request.body, dict(request.headers))
            response, reusable = self._receive(connection, request)
        except FAULT_TYPES as error:
            connection.close()
            typed = _typed(error, request.host)
            if typed.kind == "closed" and connection.idle_since is not None and not connection.wire.answered:
                raise StaleError from None
            raise typed from None
        if reusable:
            self._pool.keep(connection)
        else:
            connection.close()
        return response

    def _receive(self, connection: Connection, request: _Request) -> tuple[Response, bool]:
        """Read one answer; a redirect is refused, since nothing may be sent anywhere else."""
        with connection.getresponse() as answer:
            headers = {name.lower(): value for name, value in answer.getheaders()}
            if answer.status in REDIRECTS:
                who = seen(Response(answer.status, headers, "", 0))
                detail = f"it redirects elsewhere (HTTP {answer.status})"
                raise TransportError("redirect", request.host, detail, seen=who)
            if (answer.length or 0) > self._max_bytes:
                raise OversizedError
            body = answer.read(self._max_bytes + 1)
            if len(body) > self._max_bytes:
                raise OversizedError
            if answer.length:
                raise http.client.IncompleteRead(b"", answer.length)
            reusable = answer.isclosed() and not answer.will_close
        ms = round((time.monotonic() - request.started) * 1000)
        return Response(answer.status, headers, body.decode("utf-8", "replace"), ms), reusable


def allowed(url: str) -> tuple[str, str]:
    """Return host and request target of a URL to a known host; TransportError for any other."""
    try:
        parts = urlsplit(url)
        port = parts.port or HTTPS
    except ValueError:
        raise TransportError("forbidden_host", "", "the URL cannot be read") from None
    host = parts.hostname or ""
    if parts.scheme != "https" or host not in KNOWN_HOSTS or port != HTTPS or "@" in parts.netloc:
        raise TransportError("forbidden_host", host, "only Microsoft's known hosts are spoken to")
    path = parts.path or "/"
    return host, f"{path}?{parts.query}" if parts.query else path


def _typed(error: Exception, host: str) -> TransportError:
    """Name the fault; every type of FAULT_TYPES has a name."""
    if isinstance(error, TransportError):
        return error
    kind, detail = next((kind, detail) for fault, kind, detail in FAULTS if isinstance(error, fault))
    return TransportError(kind, host, detail)
