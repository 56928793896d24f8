"""Limits how long a query waits when PostgreSQL is frozen, or the network drops packets silently.

PostgreSQL's own statement_timeout is kept by the server, which is what does not answer here. psycopg2 calls ``wait``
instead of blocking inside libpq. COPY and large objects do not work with it; nothing here uses them.
"""

import math
import select
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

import psycopg2
from psycopg2.extensions import POLL_OK, POLL_READ, set_wait_callback

# Seconds: to connect; of silence before a check whether the server lives; for the answer to that.
CONNECT: Final = 3.0
SILENCE: Final = 3.0
PROBE: Final = 1.0
# "Do you speak TLS?", the first message of PostgreSQL's protocol, which any server answers with one letter.
SSL_REQUEST: Final = (8).to_bytes(4, "big") + (80877103).to_bytes(4, "big")
CONNECTED: Final = 0

_most: ContextVar[float] = ContextVar("most", default=math.inf)


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Limit each query inside the block to so many seconds."""
    token = _most.set(seconds)
    try:
        yield
    finally:
        _most.reset(token)


def install() -> None:
    set_wait_callback(wait)


def wait(connection: Any) -> None:
    """Wait until the connection is ready; OperationalError, upon which psycopg2 closes it, when it takes too long."""
    # Closing the connection here would block.
    began = time.monotonic()
    most = _most.get() if connection.info.status == CONNECTED else CONNECT
    while (state := connection.poll()) != POLL_OK:
        poller = select.poll()
        poller.register(connection.fileno(), select.POLLIN if state == POLL_READ else select.POLLOUT)
        left = began + most - time.monotonic()
        if poller.poll(max(0, 1000 * min(left, SILENCE))):
            continue
        if left <= SILENCE or not _lives(connection):
            raise psycopg2.OperationalError(f"the server does not answer ({time.monotonic() - began:.1f} s)")


def _lives(connection: Any) -> bool:
    """Return whether the server accepts another connection: then the query is just slow."""
    with socket.fromfd(connection.fileno(), socket.AF_INET, socket.SOCK_STREAM) as own:
        family, address = own.family, own.getpeername()
    try:
        with socket.socket(family) as probe:
            probe.settimeout(PROBE)
            probe.connect(address)
            probe.sendall(SSL_REQUEST)
            return probe.recv(1) != b""
    except OSError:
        return False
