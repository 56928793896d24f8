"""PostgreSQL that does not answer: pages and the health check say so within seconds, and no thread waits for ever."""

import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
import psycopg2
import psycopg2.extensions
import pytest
from django.db import OperationalError, connection
from django.urls import reverse

from configurator.db import timeouts
from configurator.local import web
from tests.faults.server import WebServer, serving
from tests.people import As
from tests.worker import database_url, wait_for

pytestmark = pytest.mark.django_db(transaction=True)
# Connecting, or a query with the question whether the server lives; the rest is for a slow machine.
SOON = 20


def processes() -> list[psutil.Process]:
    """Return the server's processes."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        (directory,) = cursor.fetchone()
    postmaster = psutil.Process(int(Path(directory, "postmaster.pid").read_text().split()[0]))
    return [postmaster, *postmaster.children()]


@contextmanager
def frozen() -> Iterator[None]:
    """Suspend the server with all of its processes."""
    found = processes()
    for process in found:
        process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        for process in found:
            process.send_signal(signal.SIGCONT)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[WebServer]:
    """Return a running web server on the tests' database."""
    with serving(tmp_path) as server:
        yield server


def test_pages_and_health_say_it_soon_and_nothing_is_left_hanging(server: WebServer, signed_in: As) -> None:
    cookie = signed_in("admin").cookies["sessionid"].value
    page = reverse("mailsettings:incoming_list")
    headers = {"Cookie": f"sessionid={cookie}"}
    # Each thread has a connection by now.
    with ThreadPoolExecutor(16) as pool:
        assert {status for status, _ in pool.map(lambda _: server.get(page, headers=headers), range(16))} == {200}
    with frozen(), ThreadPoolExecutor(32) as pool:
        # More than there are threads, several times.
        begin = time.monotonic()
        asked = [pool.submit(server.get, page, 60, headers) for _ in range(2 * web.workers * web.threads)]
        told = [future.result() for future in asked]
        assert time.monotonic() - begin < 2 * SOON
        assert {status for status, _ in told} == {503}
        assert all(b"The database does not answer" in body for _, body in told)
        assert server.get("/healthz", SOON) == (503, b"The database does not answer\n")
    wait_for(lambda: server.get("/healthz") == (200, b"ok\n"))
    assert server.get(page, headers=headers)[0] == 200


def test_query_that_takes_long_is_left_alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(%s)", [2 * timeouts.SILENCE + 1])


def test_query_is_broken_off_and_the_connection_is_made_anew() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    with frozen(), pytest.raises(OperationalError, match="does not answer"), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def test_new_connection_is_given_up() -> None:
    with frozen(), pytest.raises(psycopg2.OperationalError, match="does not answer"):
        psycopg2.connect(database_url())


def test_limit_of_a_block_counts_for_its_queries_alone() -> None:
    with timeouts.at_most(1), pytest.raises(OperationalError, match="does not answer"), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(2)")
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(1.5)")


def test_what_the_console_uses_of_the_driver_works() -> None:
    """Cursors of the server, errors, notices and cancelling; COPY does not."""
    with closing(psycopg2.connect(database_url())) as own:
        with own.cursor("named") as cursor:
            cursor.execute("SELECT generate_series(1, 5000)")
            assert len(cursor.fetchall()) == 5000
        with own.cursor() as cursor:
            with pytest.raises(psycopg2.errors.DivisionByZero):
                cursor.execute("SELECT 1 / 0")
            own.rollback()
            cursor.execute("DO $$ BEGIN RAISE NOTICE 'told'; END $$")
            assert "told" in own.notices[-1]
            cursor.execute("SELECT repeat('x', 10000000)")
            row = cursor.fetchone()
            assert row
            assert len(row[0]) == 10_000_000
