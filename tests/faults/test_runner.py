"""`manage.py run`: what it leaves behind, what it refuses, what it repairs."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from configurator.local.log import Log
from configurator.local.postgres import Postgres
from configurator.local.valkey import Valkey
from tests.faults.console import ROOT, Console, alive, until

# The five kinds of process of a console without demo: database, broker, web, worker, clock.
FEWEST = 5


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """Return one console for all tests here, since its start takes seconds; it is killed at the end."""
    console = Console(tmp_path_factory.mktemp("runner"))
    yield console
    if console.runner and console.runner.poll() is None:
        console.runner.kill()
        console.runner.wait()


@pytest.fixture
def running(console: Console) -> Console:
    """Return the console, started when it does not run."""
    if console.runner is None or console.runner.poll() is not None:
        console.start()
    return console


def test_tells_scripts_where_it_is_and_nobody_else(running: Console) -> None:
    local = json.loads((running.data / "local.json").read_text())
    assert local["url"] == f"http://127.0.0.1:{running.port}/"
    assert [user["username"] for user in local["users"]] == ["superuser"]
    assert local["users"][0]["password"] in running.said()
    for name in ("local.json", "stack.env", "keys.env"):
        assert stat.S_IMODE((running.data / name).stat().st_mode) == 0o600


def test_other_commands_of_the_checkout_reach_the_running_stack(running: Console) -> None:
    code = "from django.contrib.auth import get_user_model as m; print(m().objects.get().get_username())"
    assert running.manage("shell", "-v", "0", "-c", code).strip() == "superuser"


def test_no_password_or_key_in_a_command_line(running: Console) -> None:
    words = " ".join(word for process in running.processes() for word in process.cmdline())
    settings = (running.data / "stack.env").read_text() + (running.data / "postgres/password").read_text()
    secrets = [line.partition("=")[2] for line in settings.splitlines() if "KEY" in line or "URL" in line]
    assert secrets
    assert not any(secret in words for secret in secrets)


def test_second_run_on_the_same_data_is_refused_in_one_line(running: Console) -> None:
    said = running.refused(PORT="0")
    assert said.count("\n") == 1
    assert "Another `make run` uses" in said
    assert (running.data / "stack.env").exists()


def test_killed_worker_is_replaced(running: Console) -> None:
    first = running.process("worker")
    first.kill()
    assert until(lambda: any("worker" in p.cmdline() for p in alive(running.processes()) if p != first), 60)
    assert "worker ended with code -9; starts again in" in running.said()


def test_killed_broker_is_replaced_on_the_same_port(running: Console) -> None:
    url = _setting(running, "REDIS_URL")
    port = int(url.rpartition(":")[2].partition("/")[0])
    next(process for process in running.processes() if "valkey" in process.name()).kill()
    assert until(lambda: "valkey ended with code -9" in running.said(), 60)
    assert until(lambda: _accepts(port), 60)


def test_killed_runner_leaves_no_process(running: Console) -> None:
    assert len(running.processes()) >= FEWEST
    assert running.end(signal.SIGKILL) == []


def test_addresses_of_a_killed_run_are_not_used(console: Console) -> None:
    if console.runner is None or console.runner.poll() is None:
        console.start()
        console.end(signal.SIGKILL)
    assert (console.data / "stack.env").exists()
    environment = console.environment(SECRET_KEY="k", VAULT_KEYS="k:" + "A" * 43 + "=")
    code = "from django.conf import settings; print(settings.DATABASES['default']['NAME'], settings.REDIS_URL)"
    said = console.manage("shell", "-v", "0", "-c", code, env=environment)
    assert said.split() == ["configurator", "redis://127.0.0.1:6379/0"]


def test_ctrl_c_leaves_no_process_and_no_address(running: Console) -> None:
    assert running.end(signal.SIGINT) == []
    assert running.runner is not None
    assert running.runner.returncode == 0
    assert not (running.data / "stack.env").exists()
    assert "Traceback" not in running.said()


def test_runner_started_by_make_ends_with_make_and_so_does_the_demo(console: Console) -> None:
    code = f"import subprocess, sys; subprocess.run([{sys.executable!r}, 'manage.py', 'run'])"
    environment = console.environment(MAKELEVEL="1", DEMO="1")
    with console.log.open("wb") as stream:
        make = subprocess.Popen(
            [sys.executable, "-c", code], cwd=console.root, env=environment, stdout=stream, stderr=stream
        )
    console.runner = make
    assert until(lambda: "is ready" in console.said(), 120)
    assert console.process("demo").is_running()
    assert console.end(signal.SIGKILL) == []


def test_taken_port_is_refused_in_one_line(console: Console) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = console.refused(PORT=str(port), DATA_DIR=str(console.data.with_name("other")))
    assert said == (
        f"Port {port} is taken by another program: stop that one, or choose another port: make run PORT={port + 1}\n"
    )


def test_data_of_another_major_version_are_refused_in_one_line(console: Console) -> None:
    data = console.data.with_name("old") / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("15\n")
    said = console.refused(DATA_DIR=str(console.data.with_name("old")))
    assert said.count("\n") == 1
    assert "was made by PostgreSQL 15 and this is PostgreSQL" in said
    assert list(data.iterdir()) == [data / "PG_VERSION"]


@pytest.fixture
def foreign(tmp_path: Path) -> Iterator[tuple[Postgres | None, Valkey | None]]:
    """Return somebody else's servers on the usual ports, None for one whose port is in use already."""
    with (tmp_path / "foreign.log").open("w") as stream:
        postgres, valkey = Postgres(tmp_path / "pg", Log(stream), hasty=True), Valkey(tmp_path / "vk", Log(stream))
        postgres.port, valkey.port = 5432, 6379
        started = [server for server in (postgres, valkey) if not _accepts(server.port)]
        for server in started:
            server.start()
        yield (postgres if postgres in started else None, valkey if valkey in started else None)
        for server in started:
            server.stop()


def test_foreign_servers_on_the_usual_ports_are_not_touched(
    console: Console, foreign: tuple[Postgres | None, Valkey | None]
) -> None:
    visitors = [Visitors(server) for server in foreign if server]
    before = [others.settled() for others in visitors]
    console.start()
    assert console.end(signal.SIGTERM) == []
    assert [others.settled() for others in visitors] == before


@pytest.mark.skipif(os.getuid() != 0, reason="an ordinary user runs PostgreSQL as himself")
def test_root_without_user_namespaces_runs_postgresql_as_nobody() -> None:
    code = (
        "import os, psycopg2; c = psycopg2.connect(os.environ['DATABASE_URL']).cursor();"
        "c.execute('show data_directory'); print(c.fetchone()[0])"
    )
    blocked = [sys.executable, str(ROOT / "tests/faults/blocked.py")]
    inside = [sys.executable, "-m", "configurator.local", sys.executable, "-c", code]
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    done = subprocess.run([*blocked, *inside], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    data = Path(done.stdout.strip())
    assert data.is_relative_to("/var/lib/configurator")
    assert not data.exists()


def _setting(console: Console, name: str) -> str:
    lines = (console.data / "stack.env").read_text().splitlines()
    return next(line.partition("=")[2] for line in lines if line.startswith(f"{name}="))


def _accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Visitors:
    """Counts who else than these counts connects to a server."""

    def __init__(self, server: Postgres | Valkey) -> None:
        """Begin to count."""
        self.server, self.own = server, 0

    def settled(self) -> int:
        """Return how many there were; PostgreSQL writes the end of a session down later, so that it is read till it
        stays the same."""
        counts = [self._count()]

        def is_settled() -> bool:
            counts.append(self._count())
            return counts[-1] == counts[-2]

        assert until(is_settled, 60)
        return counts[-1]

    def _count(self) -> int:
        self.own += 1
        return _visits(self.server) - self.own


def _visits(server: Postgres | Valkey) -> int:
    """Return how often somebody connected to ``server``, this visit included."""
    if isinstance(server, Postgres):
        return _sessions(server)
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        password = server.url.split(":")[2].partition("@")[0]
        connection.sendall(f"AUTH {password}\r\nINFO stats\r\n".encode())
        connection.settimeout(2)
        answer = ""
        while "total_connections_received:" not in answer:
            answer += connection.recv(65536).decode()
    return int(answer.partition("total_connections_received:")[2].split()[0])


def _sessions(server: Postgres) -> int:
    connection = psycopg2.connect(server.url)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot(), sum(sessions)::int FROM pg_stat_database")
            row = cursor.fetchone()
            return int(row[1]) if row else 0
    finally:
        connection.close()
