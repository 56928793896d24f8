"""Processes that die with the one that started them."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from configurator.local.log import Log

LAUNCHER = Path(__file__).with_name("launch.py")
SAME = "same"


class StackError(Exception):
    """The stack cannot start or go on; the message is one line that says what to do."""


def spawn(
    argv: Sequence[str],
    *,
    death_signal: signal.Signals = signal.SIGKILL,
    identity: str = SAME,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    stdin: bytes | None = None,
) -> subprocess.Popen[bytes]:
    """Start ``argv`` (an absolute path first) so that it gets ``death_signal`` when this process ends.

    Call it from the main thread: the kernel counts the end of the starting thread as the parent's.
    The child has a process group of its own, so that Ctrl-C reaches the runner only, which stops it in order.
    """
    launcher = [sys.executable, "-I", "-S", str(LAUNCHER), str(os.getpid()), str(int(death_signal)), identity]
    process = subprocess.Popen(
        [*launcher, *argv],
        stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=cwd,
        env=env,
        process_group=0,
    )
    if stdin is not None and process.stdin:
        with contextlib.suppress(BrokenPipeError), process.stdin as pipe:
            pipe.write(stdin)
    return process


class Program:
    """One long-running process of the stack: started, watched, stopped."""

    stop_signal = signal.SIGTERM
    death_signal = signal.SIGKILL
    identity = SAME

    def __init__(
        self,
        name: str,
        log: Log,
        argv: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        self.name, self.log, self.argv, self.env, self.cwd = name, log, argv, env, cwd
        self.process: subprocess.Popen[bytes] | None = None
        self._follower: threading.Thread | None = None

    def start(self) -> None:
        self.launch(self.argv)

    def launch(self, argv: Sequence[str], stdin: bytes | None = None) -> None:
        self.process = spawn(
            argv,
            death_signal=self.death_signal,
            identity=self.identity,
            cwd=self.cwd,
            env=self.env,
            stdin=stdin,
        )
        if self.process.stdout:
            self._follower = self.log.follow(self.name, self.process.stdout)

    def exit_code(self) -> int | None:
        """Return the exit code, None while it runs (or was never started)."""
        return self.process.poll() if self.process else None

    def ask_to_stop(self) -> None:
        """Send the signal for an orderly end."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(self.stop_signal)

    def stop(self, patience: float = 10) -> None:
        """End it: in order when it does so within ``patience`` seconds, else by force."""
        if not self.process:
            return
        self.ask_to_stop()
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self._follower:
            self._follower.join(1)
        self.process = None
