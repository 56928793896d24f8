"""Somebody who uses a whole console over HTTP, as a browser without scripts does."""

import json
import re
import time
import uuid
from http.cookiejar import CookieJar
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import psutil
import psycopg2
from django.urls import reverse

from configurator.local.files import read_settings
from tests.demo.client import Client
from tests.faults.console import Console

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
SERVER = re.compile(r'id="check-([0-9a-f-]{36})"')


class Visitor:
    """A signed-in user of the console."""

    def __init__(self, console: Console, username: str) -> None:
        """Sign in with the password of ``local.json``."""
        local = json.loads((console.data / "local.json").read_text())
        self.url = local["url"].rstrip("/")
        self.opener = build_opener(HTTPCookieProcessor(CookieJar()))
        passwords = {user["username"]: user["password"] for user in local["users"]}
        self.post(reverse("accounts:sign_in"), username=username, password=passwords[username])

    def get(self, path: str) -> str:
        """Return the page."""
        with self.opener.open(self.url + path, timeout=30) as answer:
            return str(answer.read().decode())

    def post(self, path: str, **values: str) -> str:
        """Open the form, send it, and return the page that it leads to."""
        return self.send(path, self.get(path), **values)

    def send(self, path: str, form: str, **values: str) -> str:
        """Send a form that is open, and return the page that it leads to."""
        found = TOKEN.search(form)
        assert found, form
        data = urlencode(values | {"csrfmiddlewaretoken": found[1]}).encode()
        with self.opener.open(self.url + path, data, timeout=30) as answer:
            return str(answer.read().decode())

    def save_server(self, **values: str) -> "Saved":
        """Save a new server, and tell what came of it."""
        path = reverse("mailsettings:incoming_new")
        typed = {"name": f"Contoso {uuid.uuid4().hex[:8]}", "authentication_type": "oauth_service"}
        form = self.get(path)
        begin = time.monotonic()
        page = self.send(path, form, **typed | values)
        return Saved(self, page, time.monotonic() - begin)


class Saved:
    """A server that was saved: the page that came, how long it took, and its check."""

    def __init__(self, visitor: Visitor, page: str, seconds: float) -> None:
        """Find the server's identity on its page."""
        self.visitor, self.page, self.seconds = visitor, page, seconds
        found = SERVER.search(page)
        assert found, page
        self.pk = found[1]

    def panel(self) -> str:
        """Return the check panel as it is now."""
        return self.visitor.get(reverse("tokenchecks:panel", args=["incoming_server", self.pk]))

    def ended(self) -> bool:
        """Tell whether the check has ended, as the panel says."""
        return 'data-open="false"' in self.panel()


class Inside:
    """A look behind the pages: at the database, the processes and the demo tenant."""

    def __init__(self, console: Console) -> None:
        """Look into the running console."""
        self.console = console

    def run_of(self, saved: Saved) -> tuple[str, int, int]:
        """Return state and attempts of the server's newest run, and the number of its results."""
        query = """
            SELECT run.state, run.attempt, count(result.run_id) FROM tokenchecks_checkrun AS run
            LEFT JOIN tokenchecks_checkresult AS result ON result.run_id = run.id
            WHERE run.subject_id = %s GROUP BY run.id ORDER BY run.requested_at DESC
        """
        state, attempts, results = self._row(query, saved.pk) or ("", 0, 0)
        return state, attempts, results

    def is_idle(self) -> bool:
        """Tell whether no check waits or runs."""
        return not self._row("SELECT 1 FROM tokenchecks_checkrun WHERE state IN ('queued', 'running') LIMIT 1")

    def _row(self, query: str, *values: str) -> tuple[Any, ...] | None:
        """Return the first row of the query."""
        return next(iter(self.rows(query, *values)), None)

    def rows(self, query: str, *values: str) -> list[tuple[Any, ...]]:
        """Return the rows of the query."""
        connection = psycopg2.connect(read_settings(self.console.data / "stack.env")["DATABASE_URL"])
        try:
            with connection.cursor() as cursor:
                cursor.execute(query, values)
                return list(cursor.fetchall())
        finally:
            connection.close()

    def process(self, name: str) -> psutil.Process:
        """Return the process of that program: valkey-server, or postgres (the first of its processes)."""
        return next(process for process in self.console.processes() if process.name() == name)

    def slow(self, client_id: str, seconds: float) -> None:
        """Let the demo tenant take its time over an app's token."""
        told = json.loads((self.console.data / "demo" / "tenant.json").read_text())
        tenant: Any = SimpleNamespace(port=told["port"], ca_file=Path(told["ca_file"]))
        client = Client(tenant)
        fault = {"kind": "slow", "seconds": seconds, "match": {"client_id": client_id}}
        assert client.control("POST", "faults", fault).status == 200
        client.close()

    def first_steps(self) -> dict[str, str]:
        """Return what a new administrator types in to see green."""
        steps: dict[str, str] = json.loads((self.console.data / "demo" / "world.json").read_text())["first_steps"]
        return steps
