"""Twenty readers at once of the console's own web server, beside a single one."""

import http.client
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from bench.measure import p95, report, seconds

READERS, VISITS, MOST_TIMES, PATIENCE = 20, 15, 3, 30


def crowd(database: str, path: str) -> None:
    """Print how long the slowest of twenty readers wait, by a single reader's time and their share of the cores."""
    cookie = signed_in()
    with web_server(database) as port:
        alone = p95(read(port, path, cookie, READERS * VISITS // 3))
        with ThreadPoolExecutor(READERS) as readers:
            found = readers.map(lambda _: read(port, path, cookie, VISITS), range(READERS))
            together = p95([wait for waits in found for wait in waits])
    share = READERS / (os.cpu_count() or 1)
    name = f"{READERS} readers of {path}, p95 / a single reader's per core"
    report(name, together / (alone * share), "ratio", f"<= {MOST_TIMES}")


def signed_in() -> str:
    """Return the cookie of a superuser who signed in."""
    from django.contrib.auth.models import Group
    from django.test import Client

    from configurator.accounts.models import User

    user = User.objects.create(username=f"crowd-{uuid.uuid4().hex[:6]}")
    user.groups.set([Group.objects.get(name="Superuser")])
    client = Client()
    client.force_login(user)
    return f"sessionid={client.session.session_key}"


@contextmanager
def web_server(database: str) -> Iterator[int]:
    """Run the console's web server over the database, as `make run` does, and return its port."""
    from configurator.local.ports import free_port

    port = free_port()
    place = os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{database}"
    told = {"DATABASE_URL": place, "SECURE": "0", "DJANGO_SETTINGS_MODULE": "configurator.settings"}
    command = [sys.executable, "-m", "gunicorn", "--config", "python:configurator.local.web", "--log-level", "warning"]
    process = subprocess.Popen([*command, "--bind", f"127.0.0.1:{port}"], env=os.environ | told)
    try:
        wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait()


def wait_for(port: int) -> None:
    """Wait until the server answers; OSError when it does not."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            connection.request("GET", "/healthz", headers={"Host": "localhost"})
            connection.getresponse().read()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
        else:
            return


def read(port: int, path: str, cookie: str, visits: int) -> list[float]:
    """Return the seconds of each visit over one connection, after one that is not counted."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2 * PATIENCE)

    def visit() -> None:
        connection.request("GET", path, headers={"Host": "localhost", "Cookie": cookie})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, answer.status

    visit()
    return [seconds(visit) for _ in range(visits)]
