"""The guarded client: when it gives up, and what it says of a bad answer."""

import socket
import ssl
import threading
import time
from collections.abc import Callable

import pytest

from tests.tokenchecks.engine.clients import Serve, client_of, kind_of
from tests.tokenchecks.engine.servers import LOGIN, read_request
from tokenchecks.engine.microsoft.http import GuardedClient


def drip(piece: bytes) -> Callable[[ssl.SSLSocket, int], None]:
    """A handler that sends one piece for ever."""

    def send(sock: ssl.SSLSocket, _number: int) -> None:
        read_request(sock)
        while True:
            sock.sendall(piece)
            time.sleep(0.05)

    return send


@pytest.mark.parametrize(
    "piece", [b"H", b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: y\r\n", b""], ids=str
)
def test_the_deadline_holds_for_the_whole_exchange(serve: Serve, piece: bytes) -> None:
    client = client_of(serve(drip(piece)), deadline=0.4)
    started = time.monotonic()
    assert kind_of(client) in {"timeout", "garbage"}
    assert time.monotonic() - started < 0.8


def test_a_body_that_drips(serve: Serve) -> None:
    def dripping(sock: ssl.SSLSocket, number: int) -> None:
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        drip(b"x")(sock, number)

    started = time.monotonic()
    assert kind_of(client_of(serve(dripping), deadline=0.4)) == "timeout"
    assert time.monotonic() - started < 0.8


def test_a_handshake_that_does_not_come(serve: Serve) -> None:
    def silent(sock: ssl.SSLSocket, _number: int) -> None:
        time.sleep(1.5)

    started = time.monotonic()
    assert kind_of(client_of(serve(silent, tls=False), deadline=0.4)) == "tls"
    assert time.monotonic() - started < 0.8


@pytest.mark.parametrize(
    "greeting", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x15\x03\x01\x00\x02\x02\x28"], ids=str
)
def test_what_is_not_tls(serve: Serve, greeting: bytes) -> None:
    def greet(sock: ssl.SSLSocket, _number: int) -> None:
        sock.recv(1)
        sock.sendall(greeting)

    assert kind_of(client_of(serve(greet, tls=False))) == "tls"


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        (b"", "closed"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab", "closed"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nab", "closed"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n", "closed"),
        (b"<html>", "garbage"),
        (b"SSH-2.0-OpenSSH\r\n", "garbage"),
        (b"HTTP/1.1 abc\r\n\r\n", "garbage"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n", "garbage"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n", "oversized"),
        (b"HTTP/1.1 302 Found\r\nLocation: http://x/\r\nContent-Length: 0\r\n\r\n", "redirect"),
        (b"HTTP/1.1 307 T\r\nLocation: https://login.microsoftonline.com/\r\nContent-Length: 0\r\n\r\n", "redirect"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", "oversized"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"800\r\n" + b"x" * 0x800 + b"\r\n", "oversized"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 2000, "oversized"),
    ],
)  # fmt: skip
def test_bad_answers_have_a_kind(serve: Serve, sent: bytes, kind: str) -> None:
    def send(sock: ssl.SSLSocket, _number: int) -> None:
        read_request(sock)
        sock.sendall(sent)
        sock.unwrap()

    assert kind_of(client_of(serve(send), max_bytes=1000)) == kind


def test_an_endless_answer_is_left_while_it_streams(serve: Serve) -> None:
    sent = 0

    def endless(sock: ssl.SSLSocket, _number: int) -> None:
        nonlocal sent
        read_request(sock)
        sock.sendall(b"HTTP/1.1 200 OK\r\n")
        while True:
            sent += sock.send(b"X-Pad: " + b"y" * 60_000 + b"\r\n")

    assert kind_of(client_of(serve(endless), max_bytes=100_000)) == "oversized"
    assert sent < 8_000_000


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert kind_of(GuardedClient({LOGIN: ("127.0.0.1", port)}, None, deadline=1.0)) == "connect"


def test_a_name_that_does_not_exist() -> None:
    client = GuardedClient({LOGIN: ("no-such-host.invalid", 443)}, None, deadline=5.0)
    assert kind_of(client) == "dns"


def test_a_resolver_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    real, release = socket.getaddrinfo, threading.Event()

    def hang(host: str, *args: object, **options: object) -> object:
        if options.get("flags"):
            return real(host, *args, **options)  # type: ignore[arg-type]
        release.wait(5)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    started = time.monotonic()
    assert kind_of(GuardedClient({LOGIN: ("slow.example", 443)}, None, deadline=0.3)) == "dns"
    release.set()
    assert time.monotonic() - started < 0.8


def test_the_time_can_be_up_before_it_begins() -> None:
    assert kind_of(GuardedClient({LOGIN: ("slow.example", 443)}, None, deadline=0.0)) == "timeout"
