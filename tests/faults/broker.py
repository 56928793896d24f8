"""A broker of a test's own, to freeze, kill and empty."""

import shutil
import signal
import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import redis

from configurator.local.valkey import Valkey


class Broker(Valkey):
    """A private Valkey on which faults are tried."""

    def freeze(self) -> None:
        """Let it hang: it accepts connections and answers nothing."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def crash(self) -> None:
        """Kill it and lose everything that it kept."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        self.stop()
        shutil.rmtree(self.directory)

    def stop(self, patience: float = 10) -> None:
        """Stop it, also when it is frozen."""
        if self.process and self.process.poll() is None:
            self.thaw()
        super().stop(patience)

    @property
    def client(self) -> Any:
        """A connection to look at it from outside."""
        return redis.Redis.from_url(self.url)

    def length(self, queue: str = "checks") -> int:
        """Return how many messages lie in the queue."""
        with self.client as client:
            return int(client.llen(f"configurator:{queue}"))

    def _signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)


def _carry(source: socket.socket, sink: socket.socket, pause: float) -> None:
    """Pass on what comes, each piece after a pause, and then the end."""
    with suppress(OSError):
        while data := source.recv(65536):
            time.sleep(pause)
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


@contextmanager
def slow_wire(port: int, delay: float) -> Iterator[int]:
    """Yield a port that leads to ``port``, where each answer takes ``delay`` seconds."""

    class Wire(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with socket.create_connection(("127.0.0.1", port)) as far:
                back = threading.Thread(target=_carry, args=(far, self.request, delay))
                back.start()
                _carry(self.request, far, 0)
                back.join()

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Wire) as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.05,))
        serving.start()
        yield int(server.server_address[1])
        server.shutdown()
        serving.join()
