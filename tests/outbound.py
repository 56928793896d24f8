"""A proxy of the tests' own on the loopback: it takes CONNECT and leads on, or does what no proxy should."""

import base64
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final, Self

CONNECTED: Final = b"HTTP/1.1 200 Connection established\r\nVia: 1.1 tests\r\n\r\n"
WANTED: Final = b'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="tests"\r\n'


def refusal(status: str, headers: str = "", body: str = "") -> bytes:
    """An answer to CONNECT in place of a tunnel."""
    raw = body.encode()
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(raw)}\r\n{headers}\r\n".encode() + raw


class OutboundProxy:
    """Serves each connection in a thread.

    ``lead`` says where each host is reached; ``account`` is the only user and password that it lets through, if set.
    ``answer`` is sent to every CONNECT in place of a tunnel; ``intercept`` answers the client's TLS itself.
    """

    def __init__(self, lead: Mapping[str, tuple[str, int]], account: tuple[str, str] | None = None) -> None:
        self.lead = lead
        self.account = account
        self.answer: bytes | None = None
        self.silent = False
        self.intercept: ssl.SSLContext | None = None
        self.asked: list[str] = []
        self.heads: list[bytes] = []
        self._stopping = threading.Event()
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        self._spawn(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for sock in list(self._open):
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
                sock, _ = self._listener.accept()
                self._open.append(sock)
                self._spawn(lambda sock=sock: self._serve(sock))  # type: ignore[misc]

    def _serve(self, sock: socket.socket) -> None:
        with suppress(OSError, ValueError, KeyError), sock:
            head = _read_head(sock)
            self.heads.append(head)
            self.asked.append(target := head.split(b" ")[1].decode())
            if self.silent:
                self._stopping.wait(10)
            elif self.answer is not None:
                sock.sendall(self.answer)
            elif not self._let_in(head):
                sock.sendall(WANTED + b"Content-Length: 0\r\n\r\n")
            else:
                self._tunnel(sock, target.rpartition(":")[0])

    def _let_in(self, head: bytes) -> bool:
        if self.account is None:
            return True
        pair = base64.b64encode(":".join(self.account).encode())
        return b"Proxy-Authorization: Basic " + pair + b"\r\n" in head

    def _tunnel(self, sock: socket.socket, host: str) -> None:
        onward = socket.create_connection(self.lead[host])
        self._open.append(onward)
        with onward:
            sock.sendall(CONNECTED)
            if self.intercept:
                self._open.append(sock := self.intercept.wrap_socket(sock, server_side=True))
            self._spawn(lambda: _copy(onward, sock))
            _copy(sock, onward)


def _read_head(sock: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head:
        chunk = sock.recv(4096)
        if not chunk:
            raise ValueError("the client went away")
        head += chunk
    return head


def _copy(source: socket.socket, sink: socket.socket) -> None:
    """Copy what comes until one side ends, and tell the other."""
    with suppress(OSError):
        while chunk := source.recv(65536):
            sink.sendall(chunk)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_RDWR)
