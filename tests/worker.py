"""A real Celery worker on the tests' database, as its own process."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
T = TypeVar("T")


def database_url() -> str:
    """Return the URL of the database the tests run on, for another process."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path="/" + str(connection.settings_dict["NAME"])))


class CeleryProcess:
    """A process of Celery that tests start, freeze, kill and start again."""

    arguments: tuple[str, ...]
    ready: str

    def __init__(self, log: Path, **environment: str) -> None:
        """Write its lines to ``log``; ``environment`` differs from the tests' own."""
        self.log = log
        self.environment = environment
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it says that it is ready; one that comes too late is stopped, or it would take
        the runs of a later test."""
        command = [sys.executable, "-m", "celery", "-A", "configurator", *self.arguments, "--loglevel", "INFO"]
        # A worker that loses the broker writes the rings that it held to a temporary file.
        own = {"DATABASE_URL": database_url(), "PYTHONUNBUFFERED": "1", "TMPDIR": str(self.log.parent)}
        environment = os.environ | own | self.environment
        with self.log.open("ab") as lines:
            begin = lines.tell()
            process = self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=lines, stderr=lines)
        try:
            wait_for(lambda: self.ready in self.said(begin) or process.poll() is not None, seconds=60)
        except TimeoutError:
            self.kill()
            raise
        assert process.poll() is None, self.said(begin)

    def said(self, begin: int = 0) -> str:
        """Return what it wrote, from the byte ``begin`` of its log on."""
        return self.log.read_bytes()[begin:].decode(errors="replace")

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        assert self.process is not None
        self.process.send_signal(number)

    def kill(self) -> None:
        """Kill it as a crash would (SIGKILL)."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """Stop it in order, or kill it when it does not stop."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()


class WorkerProcess(CeleryProcess):
    """A worker of four threads."""

    arguments: tuple[str, ...] = ("worker", "--pool", "threads", "--concurrency", "4", "--without-mingle")
    ready = "ready."


class BeatProcess(CeleryProcess):
    """The clock, which rings for a sweep every five seconds."""

    arguments: tuple[str, ...] = ("beat", "--pidfile=")
    ready = "beat: Starting..."

    def __init__(self, log: Path, **environment: str) -> None:
        """Keep its schedule beside its lines."""
        super().__init__(log, **environment)
        self.arguments = (*self.arguments, "--schedule", str(log.with_suffix(".schedule")))


def wait_for(condition: Callable[[], T | None], *, seconds: float = 20) -> T:
    """Return the condition's first true value; TimeoutError when none came in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.05)
    raise TimeoutError(f"nothing came within {seconds} s")


@pytest.fixture
def worker(transactional_db: None, tmp_path: Path) -> Iterator[WorkerProcess]:
    """Return a running worker on the tests' database."""
    process = WorkerProcess(tmp_path / "worker.log")
    process.start()
    yield process
    process.stop()
