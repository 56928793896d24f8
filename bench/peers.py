"""What the checks are measured beside: a bare keep-alive client, and msal as its first example uses it."""

import base64
import hashlib
import http.client
import json
import os
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import certifi
import msal
import urllib3.util.connection

from bench.token_server import GRAPH, LOGIN, TENANT

TOKEN = f"/{TENANT}/oauth2/v2.0/token"
DOCUMENT = f"/{TENANT}/v2.0/.well-known/openid-configuration"


def secret_of(client_id: str) -> str:
    """Return the client secret of an app, of Entra's make and another for each app."""
    drawn = base64.b64encode(hashlib.sha256(client_id.encode()).digest()).decode().replace("+", "-").replace("/", "_")
    return f"{drawn[:3]}8Q~{drawn[3:37]}"


@dataclass(frozen=True)
class Request:
    """One request as the wire sees it."""

    method: str
    target: str
    body: str | None = None
    host: str = LOGIN


@dataclass(frozen=True)
class Place:
    """Where a token server answers, and whose certificates it shows."""

    port: int
    ca_file: Path

    @property
    def connect_to(self) -> dict[str, tuple[str, int]]:
        """What leads both hosts there."""
        return dict.fromkeys((LOGIN, GRAPH), ("127.0.0.1", self.port))

    def counts(self) -> dict[str, int]:
        """Return how often the server was asked for what."""
        return Bare(self).send(Request("GET", "/counts"))


@contextmanager
def token_server(delay: float = 0) -> Iterator[Place]:
    """Run a token server whose answers take ``delay`` milliseconds."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        command = [sys.executable, "-m", "bench.token_server", "--dir", name, "--delay", str(delay)]
        with subprocess.Popen(command) as process:
            try:
                while not (directory / "port").exists() or not (directory / "port").read_text():
                    time.sleep(0.02)
                yield Place(int((directory / "port").read_text()), directory / "ca.pem")
            finally:
                process.terminate()


class Bare:
    """The limit: one kept connection, and of the answer no more than that it is JSON."""

    def __init__(self, place: Place) -> None:
        """Connect when first used."""
        self.context = ssl.create_default_context(cafile=str(place.ca_file))
        self.port = place.port
        self.kept: dict[str, http.client.HTTPSConnection] = {}

    def send(self, request: Request) -> dict[str, Any]:
        """Do one exchange."""
        connection = self.kept.get(request.host)
        if connection is None:
            connection = self.kept[request.host] = Dialled(request.host, self.port, self.context)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": "Bearer x"}
        connection.request(request.method, request.target, request.body, headers)
        answer = connection.getresponse()
        assert answer.status == http.HTTPStatus.OK
        read: dict[str, Any] = json.loads(answer.read())
        return read


class Dialled(http.client.HTTPSConnection):
    """A connection to this machine under the real host name."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext) -> None:
        """Keep the context, which http.client does not show."""
        super().__init__(host, port=port)
        self.tls = context

    def connect(self) -> None:
        """Connect to the loopback and check the certificate for the real host."""
        plain = socket.create_connection(("127.0.0.1", self.port))
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock = self.tls.wrap_socket(plain, server_hostname=self.host)


def token_request(client_id: str) -> Request:
    """Return the request for an app's token."""
    form = {
        "client_id": client_id,
        "client_secret": secret_of(client_id),
        "grant_type": "client_credentials",
        "scope": f"https://{GRAPH}/.default",
    }
    return Request("POST", TOKEN, urlencode(form))


def mailbox_request(address: str) -> Request:
    """Return the request that opens a mailbox."""
    query = "$select=id,totalItemCount,unreadItemCount"
    return Request("GET", f"/v1.0/users/{address}/mailFolders/inbox?{query}", host=GRAPH)


def bare(place: Place, threads: int) -> Callable[[Sequence[Request]], None]:
    """Return what sends all of the requests with so many threads, each with connections of its own."""
    local = threading.local()
    pool = ThreadPoolExecutor(threads)

    def one(request: Request) -> None:
        if not hasattr(local, "client"):
            local.client = Bare(place)
        local.client.send(request)

    def act(requests: Sequence[Request]) -> None:
        for _ in pool.map(one, requests):
            pass

    return act


def naive(place: Place) -> Callable[[str], None]:
    """Return msal's first example for an app: its own application and session each time; only the way is turned."""
    original = urllib3.util.connection.create_connection

    def to_loopback(_address: Any, *args: Any, **kwargs: Any) -> socket.socket:
        return original(("127.0.0.1", place.port), *args, **kwargs)

    vars(urllib3.util.connection)["create_connection"] = to_loopback
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        os.environ.pop(name, None)
    # As in production, where the public authorities are loaded: theirs and the server's in one file.
    bundle = place.ca_file.with_name("bundle.pem")
    bundle.write_bytes(Path(certifi.where()).read_bytes() + place.ca_file.read_bytes())

    def act(client_id: str) -> None:
        app = msal.ConfidentialClientApplication(
            client_id, client_credential=secret_of(client_id), authority=f"https://{LOGIN}/{TENANT}", verify=str(bundle)
        )
        assert "access_token" in app.acquire_token_for_client([f"https://{GRAPH}/.default"])

    return act
