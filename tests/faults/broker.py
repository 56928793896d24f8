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


class _Wire(socketserver.ThreadingTCPServer):
    """Passes on what comes for a port, with a fault in the answers."""

    def __init__(self, port: int, delay: float, mute_after: bytes | None) -> None:
        """Lead to ``port``; see ``bad_wire``."""
        super().__init__(("127.0.0.1", 0), _Ends)
        self.port, self.delay, self.mute_after = port, delay, mute_after
        self.muted = False

    def carry(self, source: socket.socket, sink: socket.socket, *, answers: bool) -> None:
        """Pass on what comes and then the end."""
        with suppress(OSError):
            while data := source.recv(65536):
                self.muted = self.muted or (not answers and self.mute_after is not None and self.mute_after in data)
                if answers:
                    time.sleep(self.delay)
                if not (answers and self.muted):
                    sink.sendall(data)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_WR)


class _Ends(socketserver.BaseRequestHandler):
    """One connection over the wire."""

    server: _Wire

    def handle(self) -> None:
        """Carry both ways until both ends have hung up."""
        with socket.create_connection(("127.0.0.1", self.server.port)) as far:
            back = threading.Thread(target=self.server.carry, args=(far, self.request), kwargs={"answers": True})
            back.start()
            self.server.carry(self.request, far, answers=False)
            back.join()


@contextmanager
def bad_wire(broker: Broker, *, delay: float = 0, mute_after: bytes | None = None) -> Iterator[str]:
    """Yield a URL of the broker where each answer takes ``delay`` seconds, or none comes after the request named."""
    with _Wire(broker.port, delay, mute_after) as wire:
        serving = threading.Thread(target=wire.serve_forever, args=(0.05,))
        serving.start()
        yield broker.url.replace(f":{broker.port}/", f":{wire.server_address[1]}/")
        wire.shutdown()
        serving.join()
