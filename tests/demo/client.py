"""A plain HTTPS client that reaches the demo tenant under Microsoft's host names."""

import base64
import json
import socket
import ssl
from http.client import HTTPResponse, HTTPSConnection
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, urlencode

LOGIN = "login.microsoftonline.com"
GRAPH = "graph.microsoft.com"
SCOPE = "https://graph.microsoft.com/.default"


class Connection(HTTPSConnection):
    """Connects to the demo's port while URL, SNI and certificate check keep the real host name."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext) -> None:
        super().__init__(host, context=context, timeout=5)
        self._to = port
        self._tls = context

    def connect(self) -> None:
        plain = socket.create_connection(("127.0.0.1", self._to), timeout=5)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise


class Answer:
    """One answer, read to its end."""

    def __init__(self, response: HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Listening(Protocol):
    """Where a demo tenant listens, in this process or another."""

    port: int
    ca_file: Path


class Client:
    """Keeps one connection per host, as a real client does."""

    def __init__(self, tenant: Listening) -> None:
        self.tenant = tenant
        self.context = ssl.create_default_context(cafile=str(tenant.ca_file))
        self._connections: dict[str, Connection] = {}

    def connection(self, host: str) -> Connection:
        return self._connections.setdefault(host, Connection(host, self.tenant.port, self.context))

    def request(self, method: str, host: str, path: str, body: str = "", **headers: str) -> Answer:
        connection = self.connection(host)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body.encode() or None, sent)
        return Answer(connection.getresponse())

    def get(self, path: str, host: str = LOGIN, **headers: str) -> Answer:
        return self.request("GET", host, path, **headers)

    def token(self, tenant: str, form: dict[str, str], host: str = LOGIN, **headers: str) -> Answer:
        kind = {"Content_Type": "application/x-www-form-urlencoded"}
        return self.request("POST", host, f"/{tenant}/oauth2/v2.0/token", urlencode(form), **kind, **headers)

    def inbox(self, token: str, mailbox: str, select: str = "id,totalItemCount,unreadItemCount") -> Answer:
        path = f"/v1.0/users/{quote(mailbox)}/mailFolders/inbox?$select={select}"
        return self.get(path, GRAPH, Authorization=f"Bearer {token}")

    def control(self, method: str, page: str, data: object = None) -> Answer:
        return self.request(method, LOGIN, f"/_demo/{page}", json.dumps(data) if data is not None else "")

    def close(self) -> None:
        for connection in self._connections.values():
            connection.close()
        self._connections.clear()


def claims(token: str) -> dict[str, Any]:
    """The payload of a token, read as any client would."""
    _, payload, _ = token.split(".")
    data: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return data
