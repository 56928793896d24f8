"""A whole console of its own for the tests of the runner: `manage.py run` in a copied checkout."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil

from configurator.local.ports import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
LEFT_OUT = shutil.ignore_patterns(".venv", "var", ".git", ".*_cache", "__pycache__", "tests", "docs", ".env")
# The tests' own stack, which the console must not use.
OF_THE_TESTS = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "VAULT_KEYS", "ENTRA_CONNECT_TO", "ENTRA_CA_FILE"}
OF_MAKE = {"MAKELEVEL", "MAKEFLAGS", "MFLAGS"}


def until(condition: Callable[[], object], seconds: float) -> bool:
    """Wait for ``condition``; tell whether it came true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


class Console:
    """`manage.py run` in a checkout whose path has a space."""

    def __init__(self, directory: Path) -> None:
        """Copy the checkout to below ``directory``."""
        self.root = directory / "a checkout"
        shutil.copytree(ROOT, self.root, ignore=LEFT_OUT)
        self.data = self.root / "var"
        self.port = free_port()
        self.log = directory / "run.log"
        self.runner: subprocess.Popen[bytes] | None = None

    def environment(self, **extra: str) -> dict[str, str]:
        """Return what the runner sees: no home, nothing of the tests' stack."""
        kept = {name: value for name, value in os.environ.items() if name not in OF_THE_TESTS | OF_MAKE}
        own = {"HOME": "/nonexistent", "PORT": str(self.port), "DATA_DIR": str(self.data)}
        return kept | own | {"DEMO": "0"} | extra

    def begin(self, **extra: str) -> subprocess.Popen[bytes]:
        """Start the runner and return it at once."""
        with self.log.open("wb") as stream:
            self.runner = subprocess.Popen(
                [sys.executable, "manage.py", "run"],
                cwd=self.root,
                env=self.environment(**extra),
                stdout=stream,
                stderr=stream,
            )
        return self.runner

    def start(self, **extra: str) -> None:
        """Start the runner and return when it says that it is ready."""
        runner = self.begin(**extra)
        assert until(lambda: "is ready" in self.said() or runner.poll() is not None, 120)
        assert runner.poll() is None, self.said()

    def said(self) -> str:
        """Return everything that it wrote."""
        return self.log.read_text(errors="replace")

    def refused(self, **extra: str) -> str:
        """Start a second runner, which must end by itself with code 1, and return what it wrote."""
        words = [sys.executable, "manage.py", "run"]
        environment = self.environment(**extra)
        done = subprocess.run(
            words, cwd=self.root, env=environment, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 1, done.stdout + done.stderr
        return done.stderr

    def manage(self, *words: str, env: Mapping[str, str] | None = None) -> str:
        """Run another management command of the checkout and return what it printed."""
        argv = [sys.executable, "manage.py", *words]
        environment = env or self.environment()
        return subprocess.run(argv, cwd=self.root, env=environment, capture_output=True, text=True, check=True).stdout

    def processes(self) -> list[psutil.Process]:
        """Return every process that the runner started, and theirs."""
        assert self.runner is not None
        return psutil.Process(self.runner.pid).children(recursive=True)

    def process(self, word: str) -> psutil.Process:
        """Return the first process with ``word`` in its command line."""
        return next(process for process in self.processes() if word in process.cmdline())

    def end(self, how: signal.Signals) -> list[psutil.Process]:
        """Send ``how`` to the runner and return which of its processes are left after a minute."""
        assert self.runner is not None
        processes = self.processes()
        self.runner.send_signal(how)
        until(lambda: not alive(processes), 60)
        left = alive(processes)
        self.runner.wait(60)
        return left


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Return the processes that still run; one that waits to be reaped does not."""
    return [process for process in processes if _runs(process)]


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
