"""Open connections, and those kept for the next request."""

import http.client
import os
import ssl
import time
from collections import deque
from typing import Final

from tokenchecks.engine.microsoft.sockets import TimedSocket

HTTPS: Final = 443
IDLE_SECONDS: Final = 30.0
IDLE_CONNECTIONS: Final = 64


class Connection(http.client.HTTPSConnection):
    """A connection over an open socket; it never opens another by itself."""

    def __init__(self, host: str, wire: TimedSocket, context: ssl.SSLContext) -> None:
        super().__init__(host, HTTPS, context=context)
        self.sock: TimedSocket | None = wire
        self.auto_open = 0
        self.wire = wire
        self.idle_since: float | None = None


class Pool:
    """Idle connections per host, shared by the threads of a process and never with a forked one."""

    def __init__(self) -> None:
        self._idle: dict[tuple[int, str], deque[Connection]] = {}

    def take(self, host: str) -> Connection | None:
        """Return the connection used last, since it is the likeliest to be alive; None when there is none."""
        try:
            connection = self._of(host).pop()
        except IndexError:
            return None
        if time.monotonic() - (connection.idle_since or 0.0) < IDLE_SECONDS:
            return connection
        connection.close()
        return None

    def keep(self, connection: Connection) -> None:
        """Keep a connection whose answer is read to the end, or close it when there are enough."""
        connection.idle_since = time.monotonic()
        idle = self._of(connection.host)
        if len(idle) < IDLE_CONNECTIONS:
            idle.append(connection)
        else:
            connection.close()

    def close(self) -> None:
        for idle in list(self._idle.values()):
            while idle:
                idle.pop().close()

    def _of(self, host: str) -> deque[Connection]:
        return self._idle.setdefault((os.getpid(), host), deque())
