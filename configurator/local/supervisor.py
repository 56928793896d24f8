"""Keeps programs running: what ends by itself is started again, soon at first, then less and less often."""

import signal
import time
from collections.abc import Sequence
from types import FrameType

from configurator.local.log import Log
from configurator.local.processes import Program, StackError

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
# After running so long, a program's next failure counts as its first.
WELL_AFTER = 60.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """The runner was stopped; no Exception, so that no handler takes it for a failure."""


def stop_on_signals() -> None:
    """Raise Stopped in the main thread on SIGTERM, SIGINT and SIGHUP."""
    for number in STOP_SIGNALS:
        # Respect `nohup`.
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _stop)


def ignore_signals() -> None:
    """Ignore a second Ctrl-C during the orderly stop."""
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise Stopped


class _Watched:
    """A program and its recent failures."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.pause = FIRST_PAUSE
        self.started = time.monotonic()
        self.start_at: float | None = None

    def look(self, log: Log) -> None:
        """Start the program again when it has ended and its pause is over."""
        now = time.monotonic()
        if self.start_at is not None:
            if now >= self.start_at:
                self._start(log)
        elif (code := self.program.exit_code()) is not None:
            self._fail(log, f"ended with code {code}")

    def _start(self, log: Log) -> None:
        self.start_at = None
        self.started = time.monotonic()
        try:
            self.program.start()
        except StackError as error:
            self._fail(log, str(error))

    def _fail(self, log: Log, what: str) -> None:
        now = time.monotonic()
        if now - self.started > WELL_AFTER:
            self.pause = FIRST_PAUSE
        log.line("run", f"{self.program.name} {what}; starts again in {self.pause:g} s")
        self.start_at = now + self.pause
        self.pause = min(self.pause * 2, LONGEST_PAUSE)


def watch(programs: Sequence[Program], log: Log) -> None:
    """Keep ``programs``, which are started, running for ever."""
    watched = [_Watched(program) for program in programs]
    while True:
        for one in watched:
            one.look(log)
        time.sleep(0.1)


def stop_all(programs: Sequence[Program], patience: float = 5) -> None:
    """Ask all at once to stop, then wait for each, ``patience`` seconds for all together."""
    for program in programs:
        program.ask_to_stop()
    deadline = time.monotonic() + patience
    for program in programs:
        program.stop(max(deadline - time.monotonic(), 0.1))
