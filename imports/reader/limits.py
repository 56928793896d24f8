"""What a file may take. Beyond any of these it is refused, with the number."""

import resource
import signal
from typing import Final

MIB: Final = 1024 * 1024
MOST_MEMORY: Final = 384 * MIB  # of address space, of which Python and openpyxl take some 60 MiB
MOST_SECONDS: Final = 30  # of computing
LONGEST: Final = 60  # seconds until the child is killed, whatever it waits for

MOST_ROWS: Final = 50_000
MOST_COLUMNS: Final = 100
LONGEST_CELL: Final = 40_000  # characters; a spreadsheet's cell holds 32,767
LONGEST_ROW: Final = 1_000_000
MOST_TEXT: Final = 100_000_000  # characters in all cells together


def confine() -> None:
    """Hold this process to the limits; it can open no file for writing, start no process, and leaves no core."""
    for what, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(what, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS + 1))
    # Whoever started this may be gone by then.
    signal.alarm(LONGEST)
