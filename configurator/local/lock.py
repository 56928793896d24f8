"""One runner at a time for each data directory."""

import fcntl
import os
from pathlib import Path

from configurator.local.processes import StackError

NAME = "run.lock"


def take(data_dir: Path) -> int:
    """Hold ``data_dir`` until this process ends; StackError when another run holds it."""
    descriptor = os.open(data_dir / NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise StackError(
            f"Another `make run` uses {data_dir}: stop it first, or choose another directory with DATA_DIR."
        ) from None
    return descriptor


def is_held(data_dir: Path) -> bool:
    """Tell whether a run holds ``data_dir`` at this moment."""
    try:
        descriptor = os.open(data_dir / NAME, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(descriptor)
