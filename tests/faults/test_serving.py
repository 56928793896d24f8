"""A web server that cannot be hung: by clients that are slow or silent, nor by requests that never end."""

import signal
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from configurator.local import serving, web
from tests.faults.server import HUNG, WebServer
from tests.faults.server import serving as serve
from tests.worker import wait_for

MANY = 40
HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\n"
BODY = b"POST /sign-in/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n"
CANARY = "canary-3f9a1c"


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[WebServer]:
    """Return a server as in production."""
    with serve(tmp_path_factory.mktemp("patient")) as server:
        yield server


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[WebServer]:
    """Return a server that takes five seconds for hanging."""
    with serve(tmp_path_factory.mktemp("strict"), "--timeout", "5") as server:
        yield server


@pytest.fixture(scope="module")
def steady(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[WebServer]:
    """Return a server as the strict one, in which no worker hangs: those of other tests may still end later."""
    with serve(tmp_path_factory.mktemp("steady"), "--timeout", "5") as server:
        yield server


class Attack:
    """Connections that send their bytes one by one, a byte a second each, until the block ends."""

    def __init__(self, server: WebServer, begin: bytes, drip: bytes) -> None:
        """Begin with ``begin`` on each connection and go on with ``drip`` again and again."""
        self.server, self.begin, self.drip = server, begin, drip
        self.over = threading.Event()

    def __enter__(self) -> None:
        self.connections = [self.server.send(self.begin) for _ in range(MANY)]
        self.dripping = threading.Thread(target=self._drip)
        self.dripping.start()

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.dripping.join()
        for connection in self.connections:
            connection.close()

    def _drip(self) -> None:
        while self.drip and not self.over.wait(1):
            for connection in self.connections:
                connection.sendall(self.drip)


ATTACKS = {
    "silent sockets": (b"", b""),
    "headers that never end": (HEAD, b"X"),
    "half a request line": (b"GET /quo", b""),
    "bodies of a byte a second": (BODY, b"x"),
    "bodies in pieces that never end": (
        BODY.replace(b"Content-Length: 1000", b"Transfer-Encoding: chunked"),
        b"1\r\nx\r\n",
    ),
    "bodies that were promised": (BODY, b""),
}


@pytest.mark.parametrize(("begin", "drip"), ATTACKS.values(), ids=ATTACKS)
def test_others_are_served_during(patient: WebServer, begin: bytes, drip: bytes) -> None:
    with Attack(patient, begin, drip):
        for _ in range(12):
            assert patient.status("/healthz", seconds=20) == 200
            assert patient.status("/sign-in/", seconds=20) == 200
            time.sleep(0.1)


def test_all_attacks_at_once_with_the_answers_never_read(patient: WebServer) -> None:
    with ExitStack() as attacks:
        for begin, drip in ATTACKS.values():
            attacks.enter_context(Attack(patient, begin, drip))
        # 13 MB each, of which nobody reads a byte.
        for _ in range(2 * web.threads):
            attacks.enter_context(patient.send(b"GET /hang/stream?200,0 HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        assert patient.status("/healthz", seconds=30) == 200
    assert HUNG not in patient.said()


def test_silent_connection_is_closed(patient: WebServer) -> None:
    with patient.send(b"") as connection:
        connection.settimeout(serving.SILENCE + 15)
        assert connection.recv(1) == b""


def test_request_in_pieces_is_served_whole(patient: WebServer) -> None:
    with patient.send(
        b"POST /hang/read HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\nConnection: close\r\n\r\n12345"
    ) as c:
        time.sleep(0.2)
        c.sendall(b"67890")
        assert _all(c).endswith(b"\r\n\r\n10")


def test_headers_of_a_proxy_reach_the_console(patient: WebServer) -> None:
    """Without them, a console behind a proxy would redirect to https for ever."""
    with patient.send(
        b"GET /sign-in/ HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n\r\n"
    ) as c:
        assert b" 200 " in _all(c).splitlines()[0]


def test_body_beyond_every_limit_is_refused_before_it_is_read(patient: WebServer) -> None:
    length = str(serving.LARGEST_BODY + 1).encode()
    with patient.send(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + length + b"\r\n\r\n") as connection:
        assert b" 413 " in connection.recv(100)


@pytest.mark.parametrize("how", ["wait", "spin"])
def test_worker_that_hangs_is_replaced(strict: WebServer, how: str) -> None:
    before, begin = {worker.pid for worker in strict.workers()}, len(strict.said())
    head = f"GET /hang/{how} HTTP/1.1\r\nX-Secret: {CANARY}\r\nHost: localhost\r\n\r\n".encode()
    with ExitStack() as hanging:
        # More than there are threads, so that every worker hangs.
        for _ in range(10):
            hanging.enter_context(strict.send(head))
        # Ten threads that compute leave little to the watchdogs, and to the workers that start in their place.
        wait_for(lambda: strict.said()[begin:].count(HUNG) >= web.workers, seconds=180)
        wait_for(lambda: strict.status("/healthz") == 200, seconds=180)
    assert not before & {worker.pid for worker in strict.workers()}
    said = strict.said()[begin:]
    assert f"exited with code {serving.HUNG}" in said
    # Where each thread was, without the values that it had.
    assert 'hanging.py", line' in said
    assert "in application" in said
    assert CANARY not in said


def test_one_worker_that_hangs_leaves_the_other_to_everybody(strict: WebServer) -> None:
    begin = len(strict.said())
    answers = []
    with ExitStack() as hanging:
        for _ in range(web.threads):
            hanging.enter_context(strict.send(b"GET /hang/wait HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        time.sleep(1)
        while HUNG not in strict.said()[begin:]:
            answers.append(strict.status("/healthz"))
    # The last one may have been with a worker that ended.
    assert set(answers[:-1]) == {200}


def test_answer_that_takes_long_but_goes_on_is_no_hanging(steady: WebServer) -> None:
    status, body = steady.get("/hang/stream?16,0.5", seconds=120)
    assert (status, len(body)) == (200, 16 * 65536)
    assert HUNG not in steady.said()


def test_client_that_reads_slowly_is_no_hanging(steady: WebServer) -> None:
    """The thread waits for the client meanwhile, since more is left than the server keeps for it."""
    head = b"GET /hang/stream?500,0 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    with steady.send(head) as connection:
        time.sleep(8)
        assert len(_all(connection)) > 500 * 65536
    assert HUNG not in steady.said()


def test_reloading_breaks_no_request_off(patient: WebServer) -> None:
    before = {worker.pid for worker in patient.workers()}
    with ThreadPoolExecutor() as pool:
        slow = pool.submit(patient.get, "/hang/slow?3")
        time.sleep(1)
        assert patient.process
        patient.process.send_signal(signal.SIGHUP)
        while not slow.done():
            assert patient.status("/healthz", seconds=20) == 200
        assert slow.result() == (200, b"done")
    wait_for(lambda: not before & {worker.pid for worker in patient.workers()}, seconds=60)


def test_stopping_lets_requests_end_and_waits_for_nobody_who_is_silent(tmp_path: Path, django_db_setup: None) -> None:
    with ExitStack() as connections, ThreadPoolExecutor() as pool, serve(tmp_path) as server:
        slow = [pool.submit(server.get, "/hang/slow?4") for _ in range(6)]
        silent = [connections.enter_context(server.send(b"")) for _ in range(MANY)]
        late = connections.enter_context(server.send(BODY + b"x" * 999))
        time.sleep(2)
        assert server.process
        server.process.send_signal(signal.SIGTERM)
        # What has begun to arrive is served too.
        time.sleep(0.5)
        late.sendall(b"x")
        assert [future.result() for future in slow] == [(200, b"done")] * 6
        assert late.recv(100).startswith(b"HTTP/1.1 ")
        assert [connection.recv(1) for connection in silent] == [b""] * MANY
        late.close()
        # gunicorn's master counts the seconds; a worker that waited for the silent would be killed after these.
        assert server.process.wait(60) == 0
        assert "SIGKILL" not in server.said()
        assert server.status("/healthz") is None


def _all(connection: socket.socket) -> bytes:
    """Return everything that comes until the other side closes."""
    parts = []
    while part := connection.recv(1 << 20):
        parts.append(part)
    return b"".join(parts)
