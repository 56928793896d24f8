"""What a file may take. Beyond any of these it is refused, with the number."""

import resource
import signal
from typing import Final

MIB: Final = 1024 * 1024
MOST_MEMORY: Final = 384 * MIB  # of address space, of which Python and openpyxl take some 60 MiB
MOST_SECONDS: Final = 60  # of computing
LONGEST: Final = 150  # seconds until the child is killed, whatever it waits for

MOST_ROWS: Final = 50_000
MOST_EMPTY_ROWS: Final = 50_000  # above the next row that holds something
MOST_COLUMNS: Final = 100
MOST_CELLS: Final = 1_500_000  # empty ones too
LONGEST_CELL: Final = 40_000  # characters; a spreadsheet's cell holds 32,767
LONGEST_ROW: Final = 1_000_000
MOST_TEXT: Final = 100_000_000  # characters in all cells together

MOST_UNPACKED: Final = 256 * MIB
MOST_PARTS: Final = 2_000
MOST_ELEMENTS: Final = 2_500_000  # of the texts or the styles of a workbook
MOST_MERGED: Final = 1_000
MOST_SHEETS: Final = 50  # more are not offered
MOST_BEGUN: Final = 7  # rows that the other sheets are looked at by
LONGEST_BEGUN: Final = 100  # characters of a cell in them
LONGEST_NAME: Final = 100  # of a sheet; Excel takes 31
DEEPEST: Final = 40
LAST_ROW: Final = 1_048_576
LAST_COLUMN: Final = 16_384


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
    # The parent, which would kill this process, may be gone by then.
    signal.alarm(LONGEST)
