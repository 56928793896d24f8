"""Small TLS servers of the tests' own, which do to a client what no real server should."""

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Self

import trustme

Handler = Callable[[ssl.SSLSocket, int], None]

LOGIN = "login.microsoftonline.com"
GRAPH = "graph.microsoft.com"


def answer(body: str, *, status: str = "200 OK", headers: str = "") -> bytes:
    """An HTTP answer that keeps the connection."""
    raw = body.encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(raw)}\r\n{headers}\r\n"
    return head.encode() + raw


def read_request(sock: ssl.SSLSocket) -> bytes:
    """One request, head and body; empty when the client has gone."""
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = sock.recv(65536)
        if not chunk:
            return b""
        data += chunk
    head, _, body = data.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        body += sock.recv(65536)
    return head + b"\r\n\r\n" + body


class RawServer:
    """Accepts TLS connections under Microsoft's names; `handler` gets each with its number."""

    def __init__(self, directory: Path, handler: Handler, *, tls: bool = True) -> None:
        authority = trustme.CA()
        self.ca_file = directory / "ca.pem"
        authority.cert_pem.write_to_path(self.ca_file)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if tls else None
        if self._context:
            authority.issue_cert(LOGIN, GRAPH).configure_cert(self._context)
        self._handler = handler
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address: tuple[str, int] = self._listener.getsockname()
        self.connections = 0
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []

    @property
    def connect_to(self) -> dict[str, tuple[str, int]]:
        return {LOGIN: self.address, GRAPH: self.address}

    def __enter__(self) -> Self:
        self._spawn(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for sock in self._open:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()
        for thread in self._threads:
            thread.join(5)

    def _spawn(self, act: Callable[[], None]) -> None:
        thread = threading.Thread(target=act, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                plain, _ = self._listener.accept()
                self.connections += 1
                number = self.connections
                self._spawn(lambda plain=plain, number=number: self._serve(plain, number))  # type: ignore[misc]

    def _serve(self, plain: socket.socket, number: int) -> None:
        self._open.append(plain)
        with suppress(OSError, ValueError):
            sock = self._context.wrap_socket(plain, server_side=True) if self._context else plain
            self._open.append(sock)
            with sock:
                self._handler(sock, number)  # type: ignore[arg-type]  # without TLS, the plain socket
