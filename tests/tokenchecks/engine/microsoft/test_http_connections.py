"""The guarded client: which connections it keeps and shares, and what it repeats."""

import socket
import ssl
import threading
import time

import pytest

from tests.tokenchecks.engine.clients import URL, Serve, client_of, good, kind_of
from tests.tokenchecks.engine.servers import answer, read_request


def test_one_context_serves_all_connections(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_of(serve(good))
    monkeypatch.setattr("ssl.SSLContext", None)
    for _ in range(3):
        assert client.request("GET", URL, fresh=True).status == 200
    client.close()


def test_a_connection_is_kept_and_shared(serve: Serve) -> None:
    server = serve(good)
    client = client_of(server)
    for _ in range(20):
        assert client.request("GET", URL).text == "{}"
    client.close()
    assert server.connections == 1


def test_threads_share_the_connections(serve: Serve) -> None:
    server = serve(good)
    client = client_of(server, deadline=10.0)
    statuses: list[int] = []

    def ask() -> None:
        statuses.extend(client.request("GET", URL).status for _ in range(50))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    client.close()
    assert statuses == [200] * 400
    assert server.connections <= 8


def test_an_answer_that_closes_is_read_to_its_end(serve: Serve) -> None:
    def close_after(sock: ssl.SSLSocket, _number: int) -> None:
        read_request(sock)
        sock.sendall(answer('{"a": 1}', headers="Connection: close\r\n"))

    server = serve(close_after)
    client = client_of(server)
    assert [client.request("GET", URL).text for _ in range(2)] == ['{"a": 1}'] * 2
    assert server.connections == 2


def test_an_answer_without_a_length_is_read_to_its_end(serve: Serve) -> None:
    def until_closed(sock: ssl.SSLSocket, _number: int) -> None:
        read_request(sock)
        sock.sendall(b"HTTP/1.1 200 OK\r\n\r\n{}")
        sock.unwrap()

    assert client_of(serve(until_closed)).request("GET", URL).text == "{}"


def test_a_dead_kept_connection_is_replaced_once(serve: Serve) -> None:
    def one_each(sock: ssl.SSLSocket, _number: int) -> None:
        read_request(sock)
        sock.sendall(answer("{}"))

    server = serve(one_each)
    client = client_of(server)
    for _ in range(3):
        assert client.request("POST", URL, body=b"a=1").status == 200
        time.sleep(0.05)
    client.close()
    assert server.connections == 3


def test_what_fails_on_a_new_connection_is_not_repeated(serve: Serve) -> None:
    def first_then_nothing(sock: ssl.SSLSocket, number: int) -> None:
        read_request(sock)
        if number == 1:
            sock.sendall(answer("{}"))

    server = serve(first_then_nothing)
    client = client_of(server)
    client.request("GET", URL)
    time.sleep(0.05)
    assert kind_of(client) == "closed"
    assert server.connections == 2


def test_what_got_part_of_an_answer_is_not_repeated(serve: Serve) -> None:
    def second_is_cut(sock: ssl.SSLSocket, _number: int) -> None:
        read_request(sock)
        sock.sendall(answer("{}"))
        read_request(sock)
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab")

    server = serve(second_is_cut)
    client = client_of(server)
    client.request("GET", URL)
    assert kind_of(client) == "closed"
    assert server.connections == 1


def test_a_slow_answer_on_a_kept_connection_is_not_repeated(serve: Serve) -> None:
    requests: list[bytes] = []

    def second_is_silent(sock: ssl.SSLSocket, _number: int) -> None:
        requests.append(read_request(sock))
        sock.sendall(answer("{}"))
        requests.append(read_request(sock))
        time.sleep(1.5)

    server = serve(second_is_silent)
    client = client_of(server, deadline=0.3)
    client.request("GET", URL)
    assert kind_of(client) == "timeout"
    assert (server.connections, len(requests)) == (1, 2)


def test_what_must_not_be_sent_twice_takes_a_new_connection(serve: Serve) -> None:
    server = serve(good)
    client = client_of(server)
    client.request("GET", URL)
    client.request("POST", URL, body=b"password", fresh=True)
    client.close()
    assert server.connections == 2


def test_idle_connections_grow_old(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve(good)
    client = client_of(server)
    client.request("GET", URL)
    monkeypatch.setattr("tokenchecks.engine.microsoft.pool.IDLE_SECONDS", 0.0)
    client.request("GET", URL)
    client.close()
    assert server.connections == 2


def test_there_is_a_limit_to_idle_connections(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve(good)
    client = client_of(server)
    monkeypatch.setattr("tokenchecks.engine.microsoft.pool.IDLE_CONNECTIONS", 0)
    for _ in range(2):
        client.request("GET", URL)
    assert server.connections == 2


def test_a_forked_process_takes_connections_of_its_own(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve(good)
    client = client_of(server)
    client.request("GET", URL)
    monkeypatch.setattr("tokenchecks.engine.microsoft.pool.os.getpid", lambda: -1)
    client.request("GET", URL)
    client.close()
    assert server.connections == 2


def test_closing_leaves_nothing_open(serve: Serve) -> None:
    client = client_of(serve(good))
    client.request("GET", URL)
    client.close()
    assert client.request("GET", URL).status == 200
    client.close()


def test_a_kind_of_address_that_the_system_lacks(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve(good)
    client = client_of(server)
    real = socket.getaddrinfo

    def both(*args: object, **options: object) -> object:
        return [(99, socket.SOCK_STREAM, 0, "", ("::1", 1)), *real(*args, **options)]  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    assert client.request("GET", URL).status == 200
    client.close()
