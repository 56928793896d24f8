"""The private PostgreSQL and Valkey, each on its own."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import psycopg2.extensions
import pytest
import redis

from configurator.local.log import Log
from configurator.local.postgres import Postgres
from configurator.local.processes import StackError
from configurator.local.valkey import Valkey


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    """Return a log into a file."""
    with (tmp_path / "log").open("w") as stream:
        yield Log(stream)


@pytest.fixture
def postgres(tmp_path: Path, log: Log) -> Iterator[Postgres]:
    """Return a server, not started, in a directory with a space and a quote."""
    server = Postgres(tmp_path / "data of 'mine'", log, hasty=True)
    yield server
    server.stop()


@pytest.fixture
def valkey(tmp_path: Path, log: Log) -> Iterator[Valkey]:
    """Return a server, not started, in a directory with a space and quotes."""
    server = Valkey(tmp_path / "data of \"mine\" \\ 'here'", log)
    yield server
    server.stop()


def connect(server: Postgres) -> psycopg2.extensions.connection:
    """Return a connection that commits each statement."""
    connection = psycopg2.connect(server.url)
    connection.autocommit = True
    return connection


def ask(server: Postgres, statement: str) -> str:
    """Return the single value that ``statement`` yields, as text."""
    connection = connect(server)
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            row = cursor.fetchone()
            return str(row[0]) if row else ""
    finally:
        connection.close()


def test_postgres_is_as_the_console_wants_it(postgres: Postgres) -> None:
    postgres.start()
    assert ask(postgres, "SHOW max_connections") == "200"
    assert ask(postgres, "SHOW listen_addresses") == "127.0.0.1"
    assert ask(postgres, "SHOW unix_socket_directories") == ""
    assert ask(postgres, "SELECT datcollate FROM pg_database WHERE datname = current_database()") == "C.UTF-8"
    assert ask(postgres, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") == "True"


def test_postgres_wants_the_password(postgres: Postgres) -> None:
    postgres.start()
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(postgres.url, password="wrong")


def test_postgres_keeps_every_commit_when_it_is_killed(tmp_path: Path, log: Log) -> None:
    postgres = Postgres(tmp_path, log)
    try:
        postgres.start()
        connection = connect(postgres)
        connection.cursor().execute("CREATE TABLE kept AS SELECT 42 AS answer")
        connection.close()
        assert postgres.process
        postgres.process.kill()
        postgres.process.wait()
        start_again(postgres)
        assert ask(postgres, "SELECT answer FROM kept") == "42"
    finally:
        postgres.stop()


def start_again(server: Postgres) -> None:
    """Start a server that was killed: until its own processes have noticed, a new one refuses the data."""
    deadline = time.monotonic() + 10
    while True:
        try:
            server.start()
        except StackError:
            assert time.monotonic() < deadline
        else:
            return


def test_postgres_takes_no_stranger_for_its_crashed_self(postgres: Postgres) -> None:
    postgres.start()
    postgres.stop()
    lock_file = postgres.home / "data" / "postmaster.pid"
    lock_file.write_text(f"{os.getpid()}\n{postgres.home / 'data'}\n0\n1\n\n127.0.0.1\n\nready\n")
    postgres.start()
    assert ask(postgres, "SELECT 1") == "1"


def test_postgres_stops_in_order(postgres: Postgres, log: Log) -> None:
    postgres.start()
    process = postgres.process
    assert process
    connection = connect(postgres)
    postgres.stop(patience=5)
    connection.close()
    assert process.returncode == 0


def test_data_of_another_version_are_refused_untouched(postgres: Postgres) -> None:
    postgres.start()
    postgres.stop()
    version = postgres.home / "data" / "PG_VERSION"
    version.write_text("17\n")
    with pytest.raises(StackError, match="was made by PostgreSQL 17 and this is PostgreSQL 18: dump it"):
        postgres.start()


def test_valkey_is_as_the_console_wants_it(valkey: Valkey) -> None:
    valkey.start()
    with redis.Redis.from_url(valkey.url) as client:
        wanted = {"appendonly": "yes", "appendfsync": "everysec", "maxmemory-policy": "noeviction"}
        assert {name: client.config_get(name)[name] for name in wanted} == wanted
        assert client.config_get("bind")["bind"] == "127.0.0.1"


def test_valkey_wants_the_password(valkey: Valkey) -> None:
    valkey.start()
    with (
        redis.Redis(port=valkey.port, password="wrong") as client,
        pytest.raises(redis.AuthenticationError),
    ):
        client.ping()


def test_valkey_keeps_what_it_wrote_over_a_stop(valkey: Valkey) -> None:
    valkey.start()
    with redis.Redis.from_url(valkey.url) as client:
        client.set("bell", "rung")
    url = valkey.url
    valkey.stop()
    valkey.start()
    assert valkey.url == url
    with redis.Redis.from_url(url) as client:
        assert client.get("bell") == b"rung"


def test_frozen_valkey_is_ended_by_force(valkey: Valkey) -> None:
    valkey.start()
    process = valkey.process
    assert process
    process.send_signal(signal.SIGSTOP)
    valkey.stop(patience=0.2)
    assert process.returncode == -signal.SIGKILL


def test_a_server_that_cannot_start_says_why(valkey: Valkey) -> None:
    valkey.port = 1 if os.getuid() else 70000
    with pytest.raises(StackError, match="Valkey did not start: "):
        valkey.start()
