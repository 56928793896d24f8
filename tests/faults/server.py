"""The web server with the settings of `make run` and of the image, as processes of its own on the tests' database."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil

from configurator.local.ports import free_port
from tests.worker import ROOT, database_url, wait_for

HUNG = "ends and is replaced"
NONE: Mapping[str, str] = {}


class WebServer:
    """gunicorn with the console and the addresses of ``hanging.py``."""

    def __init__(self, log: Path, *options: str, **environment: str) -> None:
        """Write its lines to ``log``; ``options`` follow those of the console on gunicorn's command line."""
        self.log = log
        self.port = free_port()
        self.options = options
        self.environment = environment
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and return when it answers."""
        command = [sys.executable, "-m", "gunicorn", "--config", "python:configurator.local.web"]
        command += ["--bind", f"127.0.0.1:{self.port}", *self.options, "tests.faults.hanging"]
        environment = os.environ | {"DATABASE_URL": database_url()} | self.environment
        with self.log.open("wb") as lines:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=lines, stderr=lines)
        wait_for(lambda: self.status("/healthz") == 200, seconds=120)

    def said(self) -> str:
        """Return everything that it wrote."""
        return self.log.read_text(errors="replace")

    def status(self, path: str, seconds: float = 5) -> int | None:
        """Return the status of a page, None when none comes within so many seconds."""
        try:
            return self.get(path, seconds)[0]
        except (OSError, http.client.HTTPException):
            return None

    def get(self, path: str, seconds: float = 30, headers: Mapping[str, str] = NONE) -> tuple[int, bytes]:
        """Return status and body of a page, asked for over a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        try:
            connection.request("GET", path, headers=dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def send(self, text: bytes) -> socket.socket:
        """Open a connection, send ``text`` and leave it open."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        connection.sendall(text)
        return connection

    def workers(self) -> list[psutil.Process]:
        """Return the worker processes."""
        assert self.process is not None
        return psutil.Process(self.process.pid).children()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Stop it and return its exit code."""
        assert self.process is not None
        self.process.send_signal(how)
        return self.process.wait(60)


@contextmanager
def serving(directory: Path, *options: str, **environment: str) -> Iterator[WebServer]:
    """Run a web server inside the block."""
    server = WebServer(directory / "web.log", *options, **environment)
    try:
        server.start()
        yield server
    finally:
        if server.process and server.process.poll() is None:
            server.process.kill()
            server.process.wait()
