"""Checks a second through the engine, beside a bare keep-alive client that sends the same requests, and beside msal
used the way its first example shows: a new application and its own session for each check."""

import json
import os
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import certifi
import msal
import urllib3.util.connection

from bench.measure import ROUNDS, report
from configurator.vault.text import Secret
from tokenchecks.engine import stages
from tokenchecks.engine.entra import Gateway
from tokenchecks.engine.subject import Subject

HOST = "login.microsoftonline.com"
THREADS = 16
CHECKS = 320
NAIVE_CHECKS = 12


@contextmanager
def demo_tenant() -> Iterator[tuple[int, Path, dict[str, str]]]:
    """Run the simulated Microsoft as a process of its own; give its port, its authority and a set-up that works."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        command = [sys.executable, "-m", "demo", "--data", name]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            process.stdout.readline()
            tenant = json.loads((directory / "tenant.json").read_text())
            steps = json.loads((directory / "world.json").read_text())["first_steps"]
            yield tenant["port"], Path(tenant["ca_file"]), steps
            process.terminate()


def rate(act: Callable[[], object], times: int, threads: int) -> float:
    """Return how many acts a second that many threads do."""
    with ThreadPoolExecutor(threads) as pool:
        start = time.perf_counter()
        for done in [pool.submit(act) for _ in range(times)]:
            done.result()
        return times / (time.perf_counter() - start)


def engine(port: int, ca_file: Path, steps: dict[str, str]) -> Callable[[], object]:
    """Return one check of a server through the engine."""
    gateway = Gateway({HOST: ("127.0.0.1", port)}, ca_file)
    subject = Subject(
        kind="incoming",
        name="bench",
        login_host=HOST,
        tenant=steps["tenant"],
        client_id=steps["client_id"],
        authentication_type="oauth_service",
        secret=Secret(steps["secret"]),
    )

    def act() -> None:
        assert stages.run(subject, gateway).status == "ok"

    return act


def bare(port: int, ca_file: Path, steps: dict[str, str]) -> Callable[[], object]:
    """Return the same two requests over a connection that each thread keeps."""
    context = ssl.create_default_context(cafile=str(ca_file))
    kept = threading.local()
    form = {
        "client_id": steps["client_id"],
        "client_secret": steps["secret"],
        "grant_type": "client_credentials",
        "scope": "https://graph.microsoft.com/.default",
    }

    def connection() -> HTTPSConnection:
        if not hasattr(kept, "connection"):
            kept.connection = Dialled(port, context)
        known: HTTPSConnection = kept.connection
        return known

    def act() -> None:
        for method, path, body in (
            ("GET", f"/{steps['tenant']}/v2.0/.well-known/openid-configuration", None),
            ("POST", f"/{steps['tenant']}/oauth2/v2.0/token", urlencode(form)),
        ):
            connection().request(method, path, body, {"Content-Type": "application/x-www-form-urlencoded"})
            answer = connection().getresponse()
            assert json.loads(answer.read()), answer.status

    return act


class Dialled(HTTPSConnection):
    """A connection to this machine under the real host name."""

    def __init__(self, port: int, context: ssl.SSLContext) -> None:
        """Keep the context, which http.client does not show."""
        super().__init__(HOST, port=port)
        self.tls = context

    def connect(self) -> None:
        """Connect to the loopback and check the certificate for the real host."""
        plain = socket.create_connection(("127.0.0.1", self.port))
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock = self.tls.wrap_socket(plain, server_hostname=HOST)


def naive(port: int, ca_file: Path, steps: dict[str, str]) -> Callable[[], object]:
    """Return msal's first example; only the connection is turned to this machine."""
    original = urllib3.util.connection.create_connection

    def to_loopback(_address: Any, *args: Any, **kwargs: Any) -> socket.socket:
        return original(("127.0.0.1", port), *args, **kwargs)

    vars(urllib3.util.connection)["create_connection"] = to_loopback
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        os.environ.pop(name, None)
    # As in production, where the public authorities are loaded: theirs and the demo's in one file.
    bundle = ca_file.with_name("bundle.pem")
    bundle.write_bytes(Path(certifi.where()).read_bytes() + ca_file.read_bytes())

    def act() -> None:
        app = msal.ConfidentialClientApplication(
            steps["client_id"],
            client_credential=steps["secret"],
            authority=f"https://{HOST}/{steps['tenant']}",
            verify=str(bundle),
        )
        assert "access_token" in app.acquire_token_for_client(["https://graph.microsoft.com/.default"])

    return act


def main() -> None:
    """Print the figures."""
    with demo_tenant() as (port, ca_file, steps):
        ours, limit, usual = (make(port, ca_file, steps) for make in (engine, bare, naive))
        for act in (ours, limit, usual):
            rate(act, THREADS, THREADS)
        rounds = [
            (rate(ours, CHECKS, THREADS), rate(limit, CHECKS, THREADS), rate(usual, NAIVE_CHECKS, THREADS))
            for _ in range(ROUNDS)
        ]
    report("checks: engine", statistics.median(round_[0] for round_ in rounds), "checks/s", ">= 100")
    of_limit = statistics.median(engine_ / limit_ for engine_, limit_, _ in rounds)
    report("checks: engine / bare client with the same requests", of_limit, "ratio", ">= 0.5")
    of_usual = statistics.median(engine_ / usual_ for engine_, _, usual_ in rounds)
    report("checks: engine / msal's first example", of_usual, "ratio", ">= 5")


if __name__ == "__main__":
    main()
