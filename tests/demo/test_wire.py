"""HTTP as it comes from clients that are careless, slow or hostile."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO

import pytest

from demo import names
from demo.server import DemoTenant
from demo.wire import Response, UnreadableError, read_request
from tests.demo.client import LOGIN, Client

PAGE = f"GET /{names.HALDEN}/v2.0/.well-known/openid-configuration HTTP/1.1\r\nHost: {LOGIN}\r\n"


@pytest.fixture
def raw(tenant: DemoTenant, client: Client) -> Iterator[ssl.SSLSocket]:
    """A bare TLS connection."""
    plain = socket.create_connection(("127.0.0.1", tenant.port), timeout=5)
    with client.context.wrap_socket(plain, server_hostname=LOGIN) as sock:
        yield sock


def everything(sock: ssl.SSLSocket) -> bytes:
    pieces = []
    while piece := sock.recv(65536):
        pieces.append(piece)
    return b"".join(pieces)


def test_requests_sent_at_once_are_answered_in_turn(raw: ssl.SSLSocket) -> None:
    raw.sendall(f"{PAGE}\r\n{PAGE}Connection: close\r\n\r\n".encode())
    answers = everything(raw)
    assert answers.count(b"HTTP/1.1 200 OK\r\n") == 2
    assert answers.count(b"Connection: close\r\n") == 1


@pytest.mark.parametrize(
    "sent",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/2\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 200 + b"\r\n",
        b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
)
def test_what_is_no_request_is_refused(raw: ssl.SSLSocket, sent: bytes) -> None:
    raw.sendall(sent)
    with suppress(ConnectionResetError):
        assert everything(raw).startswith(b"HTTP/1.1 400 Bad Request\r\n")


def test_a_body_cut_short_is_no_request() -> None:
    with pytest.raises(UnreadableError):
        read_request(BytesIO(b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nabc"))


def test_a_plain_http_client_is_turned_away_and_others_are_served(tenant: DemoTenant, client: Client) -> None:
    with socket.create_connection(("127.0.0.1", tenant.port), timeout=5) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\n\r\n")
        with suppress(ConnectionResetError):
            assert not plain.recv(1024).startswith(b"HTTP")
    assert client.get(PAGE.split(" ")[1]).status == 200


def test_a_segment_with_a_slash_stays_one(client: Client) -> None:
    assert client.get("/common/userrealm/a%2Fb@halden-energie.example").json["account_type"] == "Managed"


def test_one_connection_serves_many_requests(client: Client, tenant: DemoTenant) -> None:
    for _ in range(20):
        client.get(PAGE.split(" ")[1])
    assert tenant.journal.counts == {"connections": 1, "discovery": 20}


def test_a_status_without_a_name_is_sent() -> None:
    assert Response(499).encode().startswith(b"HTTP/1.1 499 Unknown\r\n")
