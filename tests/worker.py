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
READY = "ready."
T = TypeVar("T")


def database_url() -> str:
    """Return the URL of the database the tests run on, for another process."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path="/" + str(connection.settings_dict["NAME"])))


class WorkerProcess:
    """A worker that tests start, kill and restart."""

    def __init__(self, log: Path) -> None:
        """Write its lines to ``log``."""
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it takes tasks."""
        command = [sys.executable, "-m", "celery", "-A", "configurator", "worker", "--pool=threads", "-c", "4", "-l", "INFO"]
        environment = os.environ | {"DATABASE_URL": database_url(), "PYTHONUNBUFFERED": "1"}
        with self.log.open("ab") as lines:
            begin = lines.tell()
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=lines, stderr=lines)
        wait_for(lambda: READY in self.log.read_bytes()[begin:].decode(errors="replace"), seconds=30)

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


def wait_for(condition: Callable[[], T], *, seconds: float = 20) -> T:
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
