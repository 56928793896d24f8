"""The socket of an HTTP exchange: everything ends by one deadline, however slowly the other side sends."""

import io
import socket
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

HEADER_ROOM: Final = 64 * 1024


class OversizedError(Exception):
    """The answer is longer than any useful answer."""


def remaining(until: float) -> float:
    """Return the seconds until that moment of the monotonic clock; TimeoutError when there are none."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError("the time is up")
    return left


class TimedSocket:
    """The part of a socket that http.client uses, with the deadline set before every operation."""

    def __init__(self, sock: socket.socket, limit: int) -> None:
        self._sock = sock
        self._limit = limit + HEADER_ROOM
        self._left = 0
        self._request = bytearray()
        self.until = 0.0

    def begin(self, until: float) -> None:
        """Start an exchange that ends by `until`."""
        self.until = until
        self._left = self._limit

    @property
    def answered(self) -> bool:
        """Whether a byte of the answer has come since begin()."""
        return self._left < self._limit

    def arm(self) -> None:
        """Limit the next operation to the time left for the exchange."""
        self._sock.settimeout(remaining(self.until))

    def count(self, size: int) -> None:
        """Count received bytes; an answer over the limit is refused while it streams."""
        self._left -= size
        if self._left < 0:
            raise OversizedError

    def sendall(self, data: bytes) -> None:
        """Buffer a part of the request; head and body are sent together, once the answer is read."""
        self._request += data

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Send the request by the deadline, and return the stream of its answer."""
        self.arm()
        self._sock.sendall(self._request)
        self._request.clear()
        return io.BufferedReader(_AnswerReader(self, self._sock))

    def close(self) -> None:
        self._sock.close()


class _AnswerReader(io.RawIOBase):
    def __init__(self, timed: TimedSocket, sock: socket.socket) -> None:
        super().__init__()
        self._timed = timed
        # This stream keeps the socket open until the answer is read, even when http.client closes it before.
        self._raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        self._timed.arm()
        size = self._raw.readinto(buffer) or 0
        self._timed.count(size)
        return size

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()
