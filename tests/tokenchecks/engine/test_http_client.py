"""The guarded client: whom it speaks to, what it trusts, when it gives up, what it repeats."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from demo.server import DemoTenant
from tests.tokenchecks.engine.conftest import pairs
from tests.tokenchecks.engine.servers import GRAPH, LOGIN, RawServer, answer, read_request
from tokenchecks.engine import dial
from tokenchecks.engine.http import GuardedClient
from tokenchecks.engine.transport import TransportError

URL = f"https://{LOGIN}/tenant/v2.0/.well-known/openid-configuration"
Serve = Callable[..., RawServer]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Starts a server with the given handler."""
    servers: list[RawServer] = []

    def start(handler: Callable[[ssl.SSLSocket, int], None], *, tls: bool = True) -> RawServer:
        servers.append(RawServer(tmp_path, handler, tls=tls).__enter__())
        return servers[-1]

    yield start
    for server in servers:
        server.__exit__()


def client_of(server: RawServer, *, deadline: float = 1.0, max_bytes: int = 256 * 1024) -> GuardedClient:
    return GuardedClient(
        server.connect_to, server.ca_file, connect_timeout=deadline, deadline=deadline, max_bytes=max_bytes
    )


def good(sock: ssl.SSLSocket, _number: int) -> None:
    while read_request(sock):
        sock.sendall(answer("{}"))


def kind_of(client: GuardedClient, url: str = URL) -> str:
    with pytest.raises(TransportError) as caught:
        client.request("GET", url)
    client.close()
    return caught.value.kind


@pytest.mark.parametrize(
    "url",
    [
        "http://login.microsoftonline.com/t",
        "https://evil.example/t",
        "https://login.microsoftonline.com.evil.example/t",
        "https://login.microsoftonline.com./t",
        "https://login.microsoftonline.com:444/t",
        "https://login.microsoftonline.com:bad/t",
        "https://user@login.microsoftonline.com/t",
        "https://login.microsoftonline.com@evil.example/t",
        "https://127.0.0.1/t",
        "https://[::1]/t",
        "https:///t",
        "file:///etc/passwd",
        "https://169.254.169.254/metadata",
        "",
    ],
)
def test_only_known_hosts_on_https_are_spoken_to(serve: Serve, url: str) -> None:
    server = serve(good)
    assert kind_of(client_of(server), url) == "forbidden_host"
    assert server.connections == 0


def test_a_url_cannot_smuggle_a_header(serve: Serve) -> None:
    seen: list[bytes] = []

    def note(sock: ssl.SSLSocket, _number: int) -> None:
        seen.append(read_request(sock))
        sock.sendall(answer("{}"))

    client = client_of(serve(note))
    with suppress(TransportError):
        client.request("GET", f"https://{LOGIN}/t\r\nX-Evil: 1")
    client.close()
    assert not any(b"\r\nX-Evil" in request for request in seen)


def test_the_environment_has_no_say(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = tmp_path / "empty.pem"
    empty.touch()
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.setenv(name, str(empty))
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    keylog = tmp_path / "keys.log"
    monkeypatch.setenv("SSLKEYLOGFILE", str(keylog))
    client = client_of(serve(good))
    assert client.request("GET", URL).status == 200
    client.close()
    assert not keylog.exists()


def test_an_authority_in_the_environment_is_not_trusted(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve(good)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, str(server.ca_file))
    assert kind_of(GuardedClient(server.connect_to, None, deadline=1.0)) == "certificate_untrusted"


def test_the_private_authority_comes_beside_the_public_ones(serve: Serve) -> None:
    server = serve(good)
    alone = len(dial.tls_context(None).get_ca_certs())
    assert alone > 50
    assert len(dial.tls_context(server.ca_file).get_ca_certs()) == alone + 1


def test_one_context_serves_all_connections(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_of(serve(good))
    monkeypatch.setattr("ssl.SSLContext", None)
    for _ in range(3):
        assert client.request("GET", URL, fresh=True).status == 200
    client.close()


@pytest.mark.parametrize(
    ("certificate", "kind"),
    [
        ("other_name", "certificate_host"),
        ("expired", "certificate_expired"),
        ("unknown_authority", "certificate_untrusted"),
    ],
)
def test_bad_certificates(tenant: DemoTenant, certificate: str, kind: str) -> None:
    tenant.fault(kind="bad_certificate", certificate=certificate)
    assert kind_of(GuardedClient(pairs(tenant.connect_to), tenant.ca_file, deadline=2.0)) == kind


def test_a_connection_is_kept_and_shared(serve: Serve) -> None:
    server = serve(good)
    client = client_of(server)
    for _ in range(20):
        assert client.request("GET", URL).text == "{}"
    client.close()
    assert server.connections == 1


def test_threads_share_the_connections(serve: Serve) -> None:
    server = serve(good)
    client = client_of(server, deadline=10.0)
    statuses: list[int] = []

    def ask() -> None:
        statuses.extend(client.request("GET", URL).status for _ in range(50))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    client.close()
    assert statuses == [200] * 400
    assert server.connections <= 8


def test_an_answer_that_closes_is_read_to_its_end(serve: Serve) -> None:
    def close_after(sock: ssl.SSLSocket, _number: int) -> None:
        read_request(sock)
        sock.sendall(answer('{"a": 1}', headers="Connection: close\r\n"))

    server = serve(close_after)
    client = client_of(server)
    assert [client.request("GET", URL).text for _ in range(2)] == ['{"a": 1}'] * 2
    assert server.connections == 2


def test_an_answer_without_a_length_is_read_to_its_end(serve: Serve) -> None:
    def until_closed(sock: ssl.SSLSocket, _number: int) -> None:
        read_request(sock)
        sock.sendall(b"HTTP/1.1 200 OK\r\n\r\n{}")
        sock.unwrap()

    assert client_of(serve(until_closed)).request("GET", URL).text == "{}"


def test_a_dead_kept_connection_is_replaced_once(serve: Serve) -> None:
    def one_each(sock: ssl.SSLSocket, _number: int) -> None:
        read_request(sock)
        sock.sendall(answer("{}"))

    server = serve(one_each)
    client = client_of(server)
    for _ in range(3):
        assert client.request("POST", URL, body=b"a=1").status == 200
        time.sleep(0.05)
    client.close()
    assert server.connections == 3


def test_what_fails_on_a_new_connection_is_not_repeated(serve: Serve) -> None:
    def first_then_nothing(sock: ssl.SSLSocket, number: int) -> None:
        read_request(sock)
        if number == 1:
            sock.sendall(answer("{}"))

    server = serve(first_then_nothing)
    client = client_of(server)
    client.request("GET", URL)
    time.sleep(0.05)
    assert kind_of(client) == "closed"
    assert server.connections == 2


def test_what_got_part_of_an_answer_is_not_repeated(serve: Serve) -> None:
    def second_is_cut(sock: ssl.SSLSocket, _number: int) -> None:
        read_request(sock)
        sock.sendall(answer("{}"))
        read_request(sock)
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab")

    server = serve(second_is_cut)
    client = client_of(server)
    client.request("GET", URL)
    assert kind_of(client) == "closed"
    assert server.connections == 1


def test_a_slow_answer_on_a_kept_connection_is_not_repeated(serve: Serve) -> None:
    requests: list[bytes] = []

    def second_is_silent(sock: ssl.SSLSocket, _number: int) -> None:
        requests.append(read_request(sock))
        sock.sendall(answer("{}"))
        requests.append(read_request(sock))
        time.sleep(1.5)

    server = serve(second_is_silent)
    client = client_of(server, deadline=0.3)
    client.request("GET", URL)
    assert kind_of(client) == "timeout"
    assert (server.connections, len(requests)) == (1, 2)


def test_what_must_not_be_sent_twice_takes_a_new_connection(serve: Serve) -> None:
    server = serve(good)
    client = client_of(server)
    client.request("GET", URL)
    client.request("POST", URL, body=b"password", fresh=True)
    client.close()
    assert server.connections == 2


def test_idle_connections_grow_old(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve(good)
    client = client_of(server)
    client.request("GET", URL)
    monkeypatch.setattr("tokenchecks.engine.pool.IDLE_SECONDS", 0.0)
    client.request("GET", URL)
    client.close()
    assert server.connections == 2


def test_there_is_a_limit_to_idle_connections(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve(good)
    client = client_of(server)
    monkeypatch.setattr("tokenchecks.engine.pool.IDLE_CONNECTIONS", 0)
    for _ in range(2):
        client.request("GET", URL)
    assert server.connections == 2


def test_a_forked_process_takes_connections_of_its_own(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve(good)
    client = client_of(server)
    client.request("GET", URL)
    monkeypatch.setattr("tokenchecks.engine.pool.os.getpid", lambda: -1)
    client.request("GET", URL)
    client.close()
    assert server.connections == 2


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
        (b"HTTP/1.1 304 Not Modified\r\n\r\n", "redirect"),
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


def test_hosts_led_elsewhere_keep_their_names(serve: Serve) -> None:
    hosts: list[bytes] = []

    def note(sock: ssl.SSLSocket, _number: int) -> None:
        while request := read_request(sock):
            hosts.extend(line for line in request.split(b"\r\n") if line.startswith(b"Host:"))
            sock.sendall(answer("{}"))

    client = client_of(serve(note))
    client.request("GET", URL)
    client.request("GET", f"https://{GRAPH}/v1.0/me?$select=id")
    client.close()
    assert hosts == [f"Host: {LOGIN}".encode(), f"Host: {GRAPH}".encode()]


def test_no_cookie_goes_back(serve: Serve) -> None:
    seen: list[bytes] = []

    def bake(sock: ssl.SSLSocket, _number: int) -> None:
        while request := read_request(sock):
            seen.append(request.lower())
            sock.sendall(answer("{}", headers="Set-Cookie: fpc=1; Secure\r\n"))

    client = client_of(serve(bake))
    for _ in range(2):
        client.request("GET", URL)
    client.close()
    assert not any(b"cookie" in request for request in seen)


def test_closing_leaves_nothing_open(serve: Serve) -> None:
    client = client_of(serve(good))
    client.request("GET", URL)
    client.close()
    assert client.request("GET", URL).status == 200
    client.close()


def test_a_kind_of_address_that_the_system_lacks(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve(good)
    client = client_of(server)
    real = socket.getaddrinfo

    def both(*args: object, **options: object) -> object:
        return [(99, socket.SOCK_STREAM, 0, "", ("::1", 1)), *real(*args, **options)]  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    assert client.request("GET", URL).status == 200
    client.close()


def test_the_time_can_be_up_before_it_begins() -> None:
    assert kind_of(GuardedClient({LOGIN: ("slow.example", 443)}, None, deadline=0.0)) == "timeout"
