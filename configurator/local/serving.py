"""The web server's workers: gunicorn keeps them running, waitress's loop serves in each.

One thread reads all requests and sends all answers, so that a client that is slow, silent or stops half-way holds no
thread. A request is handed to one of the threads of the application once it is complete, with its body.
"""

import faulthandler
import math
import os
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, Final

from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

# Seconds after which an idle connection is closed, or one whose client does not read its answer.
SILENCE: Final = 20
# Seconds for which a worker that stops waits on a connection for a request that may be on its way.
LINGER: Final = 1
CONNECTIONS: Final = 1000
# For these connections, each with a body in a file, and other open files.
FILES: Final = 4096
# Larger than the largest file that the console accepts, so that the console itself can say what is wrong with a larger
# one.
LARGEST_BODY: Final = 64 * 1024 * 1024
LARGEST_HEADERS: Final = 64 * 1024
# Larger bodies wait in a file without a name; they may hold secrets, so it is in memory, not on a disk.
IN_PROCESS: Final = 512 * 1024
MEMORY_FILES: Final = Path("/dev/shm")  # noqa: S108  what is there has no name
# Not gunicorn's 3 and 4, at which it gives up and stops the whole server (EX_SOFTWARE of sysexits.h).
HUNG: Final = 70


class Watchdog:
    """Ends the process when the application takes longer than ``limit`` seconds over a request."""

    def __init__(self, limit: float) -> None:
        self.limit = limit
        self._began: dict[int, float] = {}

    @contextmanager
    def watching(self) -> Iterator[None]:
        thread = threading.get_ident()
        self._began[thread] = time.monotonic()
        try:
            yield
        finally:
            self._began.pop(thread, None)

    @contextmanager
    def pausing(self) -> Iterator[None]:
        """Do not count while this thread waits for its client; then count from zero again."""
        thread = threading.get_ident()
        self._began[thread] = math.inf
        try:
            yield
        finally:
            self._began[thread] = time.monotonic()

    @property
    def busy(self) -> int:
        return len(self._began)

    def start(self) -> None:
        """Watch from a thread of its own, for as long as the process runs."""
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()

    def _watch(self) -> None:
        while True:
            time.sleep(min(1.0, self.limit / 10))
            oldest = min(list(self._began.values()), default=None)
            if oldest is not None and time.monotonic() - oldest > self.limit:
                self._end()

    def _end(self) -> None:
        """End the process, with the stack of each of its threads on stderr: places in the code, no values."""
        # Not by a logger: the thread that hangs may hold its lock.
        text = f"A request has taken more than {self.limit:g} s: this worker ({os.getpid()}) ends and is replaced.\n"
        os.write(sys.stderr.fileno(), text.encode())
        faulthandler.dump_traceback(all_threads=True)
        os._exit(HUNG)


class Channel(HTTPChannel):
    server: "Server"

    def service(self) -> None:
        """Serve the request, under the watchdog."""
        with self.server.watchdog.watching():
            super().service()
        # Wakes the loop, which accepts no connection while all threads are busy.
        self.server.pull_trigger()

    def write_soon(self, data: Any) -> int:
        """Queue a part of the answer; waits where the client reads too little of what is queued."""
        with self.server.watchdog.pausing():
            return super().write_soon(data)

    @property
    def is_idle(self) -> bool:
        """Return whether there is no request, complete or begun, no answer left to send, and none sent recently."""
        busy = self.requests or self.request or self.total_outbufs_len
        return not busy and self.last_activity < time.time() - LINGER


def channels(sockets: Mapping[int, object]) -> list[Channel]:
    return [one for one in list(sockets.values()) if isinstance(one, Channel)]


class Server(TcpWSGIServer):
    channel_class = Channel
    watchdog: Watchdog

    def readable(self) -> bool:
        """Accept another connection only while a thread is free; until then another worker may accept it."""
        return super().readable() and self.watchdog.busy < self.adj.threads

    def maintenance(self, now: float) -> None:
        """Close idle connections, and those whose client does not read its answer."""
        # Another name for `active_channels`, which types-waitress takes for a single channel.
        active: Any = self.active_channels
        for channel in active.values():
            waits_for_client = not channel.requests or channel.total_outbufs_len
            if waits_for_client and channel.last_activity < now - self.adj.channel_timeout:
                channel.will_close = True


class ServingWorker(Worker):
    """A worker process of gunicorn, with its settings `timeout`, `graceful_timeout` and `threads`."""

    servers: Sequence[Server] = ()

    def run(self) -> None:
        """Serve until stopped; then finish what has begun, and end the process."""
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(
            resource.RLIMIT_NOFILE, (FILES if most == resource.RLIM_INFINITY else min(FILES, most), most)
        )
        if os.access(MEMORY_FILES, os.W_OK):
            tempfile.tempdir = str(MEMORY_FILES)
        self.dispatcher = ThreadedTaskDispatcher()
        self.dispatcher.set_thread_count(self.cfg.threads)
        watchdog = Watchdog(self.cfg.timeout)
        watchdog.start()
        self.map: dict[int, Any] = {}
        listeners: list[Any] = self.sockets
        self.servers = [self._serve(listener.sock, watchdog) for listener in listeners]
        while self.alive:
            self._turn()
        self._drain()
        self.log.info("Worker exiting (pid: %s)", self.pid)
        # Python would first tear the application down, which takes longer than all of the rest.
        os._exit(0)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        for server in self.servers:
            server.pull_trigger()

    def _serve(self, sock: Any, watchdog: Watchdog) -> Server:
        adjustments = Adjustments(
            sockets=[sock],
            threads=self.cfg.threads,
            ident="Configurator",
            # The settings say whether a proxy is trusted; here its headers are only passed on.
            clear_untrusted_proxy_headers=False,
            channel_timeout=SILENCE,
            cleanup_interval=5,
            connection_limit=CONNECTIONS,
            max_request_header_size=LARGEST_HEADERS,
            max_request_body_size=LARGEST_BODY,
            inbuf_overflow=IN_PROCESS,
            log_socket_errors=False,
        )
        where = (sock.family, sock.type, sock.proto, sock.getsockname())
        application: Any = self.wsgi
        server = Server(
            application,
            self.map,
            True,
            sock,
            dispatcher=self.dispatcher,
            adj=adjustments,
            bind_socket=False,
            sockinfo=where,
        )
        server.watchdog = watchdog
        return server

    def _turn(self, wait: float = 1) -> None:
        """Read and send what can be read and sent within ``wait`` seconds, and send gunicorn a heartbeat."""
        self.notify()
        wasyncore.poll2(wait, self.map)

    def _drain(self) -> None:
        """Accept no more connections and finish the requests that have begun, as long as gunicorn waits for that."""
        deadline = time.monotonic() + self.cfg.graceful_timeout
        for server in self.servers:
            wasyncore.dispatcher.close(server)
        left = True
        while left and time.monotonic() < deadline:
            self._turn(wait=0.1)
            left = False
            for channel in channels(self.map):
                if channel.is_idle:
                    channel.handle_close()
                else:
                    left = True
