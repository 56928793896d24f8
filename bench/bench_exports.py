"""Exports of 100,000 rows from a web process of its own: how soon the first byte comes, how many rows come a second
beside what the database itself copies out, and by how much the process grows."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django
import psycopg2.extensions
from django.core.management import call_command
from psutil import Process

from bench.measure import report

ROWS = 100_000
ADDRESSES = "/queues/addresses/export/"
OTHERS = {"queues": "/queues/", "what is watched": "/token-checks/", "audit log": "/audit-log/"}
# More than the row of labels takes, packed or not.
HEAD = 8_192
FORMATS = ("csv", "xlsx", "json", "tab")
MOST_SECONDS, MOST_MIB, LEAST_OF_COPY = 1.0, 30, 0.02


@dataclass(frozen=True)
class Taken:
    """A file that was taken away: the seconds to its first byte, to its first rows, and to its end."""

    first_byte: float
    first_rows: float
    seconds: float


def main() -> None:
    """Fill a database, serve it, take the lists away, and print the figures."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "configurator.settings")
    django.setup()
    call_command("migrate", verbosity=0)
    from bench.million import fill, use

    use(fill(ROWS))
    with served() as (port, worker):
        cookie = session()
        for format_ in FORMATS:
            take(port, cookie, f"{ADDRESSES}?q=Queue+00001&format={format_}")
        before = peak(worker)
        for format_ in FORMATS:
            limit = copied()
            taken = take(port, cookie, f"{ADDRESSES}?format={format_}")
            name = f"export: {ROWS:,} addresses, {format_}"
            report(f"{name}, first byte", taken.first_byte, "s", f"<= {MOST_SECONDS}")
            report(f"{name}, first rows", taken.first_rows, "s", f"<= {MOST_SECONDS}")
            report(f"{name}, rows", ROWS / taken.seconds, "rows/s", f">= {LEAST_OF_COPY * limit:.0f}")
            report(f"{name}, rows / COPY TO STDOUT", ROWS / taken.seconds / limit, "ratio", f">= {LEAST_OF_COPY}")
        report("export: growth of the web process", peak(worker) - before, "MiB", f"<= {MOST_MIB}")
        for name, path in OTHERS.items():
            taken = take(port, cookie, f"{path}?format=csv")
            report(f"export: {name}, csv, first rows", taken.first_rows, "s", f"<= {MOST_SECONDS}")
        report("export: growth after all lists", peak(worker) - before, "MiB", f"<= {MOST_MIB}")


def copied() -> float:
    """Return how many rows a second PostgreSQL copies out: the same columns by the same query."""
    from django.db import connection

    from queues.exports import ADDRESS_EXPORT
    from queues.models import QueueAddress

    names = dict.fromkeys(source for column in ADDRESS_EXPORT.columns for source in column.sources)
    rows = QueueAddress.objects.order_by("queue__name", "queue_id", "address_key").values_list(*names)
    with connection.cursor() as cursor, Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        raw: Any = cursor.cursor
        query = raw.mogrify(*rows.query.sql_with_params()).decode()
        start = time.perf_counter()
        # COPY does not work with the limit to waiting.
        limit = psycopg2.extensions.get_wait_callback()
        psycopg2.extensions.set_wait_callback(None)
        raw.copy_expert(f"COPY ({query}) TO STDOUT", nowhere)
        psycopg2.extensions.set_wait_callback(limit)
        return ROWS / (time.perf_counter() - start)


@contextmanager
def served() -> Iterator[tuple[int, Process]]:
    """Serve the present database by gunicorn with one worker process; give its port and that process."""
    from django.db import connection

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    named = dict(connection.get_connection_params())
    url = f"postgresql://{named['user']}:{named.get('password', '')}@"
    url += f"{named['host'].replace('/', '%2F')}:{named.get('port', '')}/{connection.settings_dict['NAME']}"
    environment = os.environ | {"DATABASE_URL": url, "SECURE": "0"}
    options = ["--config", "python:configurator.local.web", "--workers", "1", "--bind", f"127.0.0.1:{port}"]
    server = subprocess.Popen([sys.executable, "-m", "gunicorn", *options, "--log-level", "warning"], env=environment)
    try:
        wait_for(port)
        [worker] = Process(server.pid).children()
        yield port, worker
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


def wait_for(port: int) -> None:
    """Wait until the server answers."""
    for _ in range(200):
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The web process does not answer.")


def session() -> str:
    """Return the cookie of a signed-in superuser."""
    from django.conf import settings
    from django.contrib.auth.models import Group
    from django.test import Client

    from configurator.accounts.models import User

    user = User.objects.create(username=f"bench-{uuid.uuid4().hex[:6]}")
    user.groups.set([Group.objects.get(name="Superuser")])
    client = Client()
    client.force_login(user)
    return f"sessionid={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def take(port: int, cookie: str, path: str) -> Taken:
    """Take a list away, keeping nothing of it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    start = time.perf_counter()
    connection.request("GET", path, headers={"Cookie": cookie, "Host": "localhost"})
    answer = connection.getresponse()
    assert answer.status == 200, (path, answer.status)
    answer.read(1)
    first_byte = time.perf_counter() - start
    answer.read(HEAD)
    first_rows = time.perf_counter() - start
    while answer.read(65_536):
        pass
    return Taken(first_byte, first_rows, time.perf_counter() - start)


def peak(process: Process) -> float:
    """Return the most memory that the process ever held, in MiB."""
    lines = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


if __name__ == "__main__":
    main()
