"""One runner at a time for each data directory."""

import fcntl
import os
import time
from pathlib import Path

from configurator.local.processes import StackError

NAME = "run.lock"
# A process that calls `is_held` holds it for a moment.
PATIENCE = 0.5


def take(data_dir: Path) -> int:
    """Hold ``data_dir`` until this process ends; StackError when another run holds it."""
    descriptor = os.open(data_dir / NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    deadline = time.monotonic() + PATIENCE
    while not _locks(descriptor, fcntl.LOCK_EX):
        if time.monotonic() > deadline:
            os.close(descriptor)
            raise StackError(
                f"Another `make run` uses {data_dir}: stop it first, or choose another directory with DATA_DIR."
            )
        time.sleep(0.02)
    return descriptor


def is_held(data_dir: Path) -> bool:
    """Return whether a run holds ``data_dir`` at this moment."""
    try:
        descriptor = os.open(data_dir / NAME, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        return not _locks(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


def _locks(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
