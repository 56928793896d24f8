"""Guarded clients of servers that behave as told."""

import ssl
from collections.abc import Callable

import pytest

from tests.tokenchecks.engine.servers import LOGIN, RawServer, answer, read_request
from tokenchecks.engine.microsoft.http import GuardedClient
from tokenchecks.engine.microsoft.transport import TransportError

URL = f"https://{LOGIN}/tenant/v2.0/.well-known/openid-configuration"
Serve = Callable[..., RawServer]


def client_of(server: RawServer, *, deadline: float = 1.0, max_bytes: int = 256 * 1024) -> GuardedClient:
    """Return a client that trusts the server and waits no longer than the deadline."""
    return GuardedClient(
        server.connect_to, server.ca_file, connect_timeout=deadline, deadline=deadline, max_bytes=max_bytes
    )


def good(sock: ssl.SSLSocket, _number: int) -> None:
    """Answer every request of a connection."""
    while read_request(sock):
        sock.sendall(answer("{}"))


def kind_of(client: GuardedClient, url: str = URL) -> str:
    """Return the kind of error in which the request ends."""
    with pytest.raises(TransportError) as caught:
        client.request("GET", url)
    client.close()
    return caught.value.kind
