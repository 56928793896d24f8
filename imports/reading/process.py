"""The child process that reads a file, as its parent sees it."""

import json
import logging
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Timer
from typing import IO, Any, Final

from imports import reader
from imports.reader.bad import DAMAGED, BadFile
from imports.reader.limits import LONGEST, MIB, MOST_MEMORY, MOST_SECONDS

PROGRAM: Final = Path(reader.__file__).parent
LONGEST_LINE: Final = 16 * MIB
SLOW = (
    f"Reading the file takes more than {MOST_SECONDS} seconds of computing, as no file of an import does. Save the "
    "sheet alone, as CSV UTF-8."
)
LATE = f"Reading the file took more than {LONGEST} seconds. Choose it again, or split it."
LARGE = (
    f"Reading the file takes more than {MOST_MEMORY // MIB} MB of memory, as no file of an import does. Save the sheet "
    "alone, as CSV UTF-8."
)
logger = logging.getLogger(__name__)


def lines_of(pieces: Iterable[bytes], *, sheet: str = "") -> Iterator[Any]:
    """Give the child's messages on the file that the pieces make up: its head, then its rows with their numbers.

    Raises BadFile, also between the rows, and OSError where no child can be started. The child is gone afterwards.
    """
    with _child() as (child, late):
        assert child.stdin  # noqa: S101  it is a pipe
        assert child.stdout  # noqa: S101  it is a pipe
        # A child that ended early says why in its lines, or by how it ended.
        with suppress(BrokenPipeError):
            _send(child.stdin, pieces, sheet)
        while line := child.stdout.readline(LONGEST_LINE):
            message = json.loads(line) if line.endswith(b"\n") else {"fault": "a line that is cut off"}
            if not isinstance(message, dict) or "format" in message:
                yield message
            elif "end" in message:
                return
            else:
                raise BadFile(_why(message))
        raise BadFile(_how(child.wait(), late=late.finished.is_set()))


@contextmanager
def _child() -> Iterator[tuple[subprocess.Popen[bytes], Timer]]:
    """Start the child, and kill it when its time is up or nobody listens any more.

    What it says of itself on standard error might hold parts of the file, so that it goes nowhere.
    """
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    child = subprocess.Popen(
        [sys.executable, "-I", "-B", str(PROGRAM)], stdin=pipe, stdout=pipe, stderr=nowhere, env={}, cwd="/"
    )
    late = Timer(LONGEST, child.kill)
    late.daemon = True
    late.start()
    try:
        yield child, late
    finally:
        late.cancel()
        child.kill()
        child.wait()
        for end in (child.stdin, child.stdout):
            assert end  # noqa: S101  it is a pipe
            with suppress(BrokenPipeError):
                end.close()


def _send(into: IO[bytes], pieces: Iterable[bytes], sheet: str) -> None:
    """Send the file, which the child takes in whole before it says anything."""
    into.write(json.dumps({"sheet": sheet}).encode() + b"\n")
    for piece in pieces:
        into.write(piece)
    into.close()


def _why(message: dict[str, Any]) -> str:
    """Return in words why the child gave the file up."""
    if "bad" in message:
        return str(message["bad"])
    if "memory" in message:
        return LARGE
    logger.info("A file was given up by its reader: %s", message.get("fault"))
    return DAMAGED


def _how(code: int, *, late: bool) -> str:
    """Return in words why the child ended without a word of its own."""
    logger.warning("The reader of a file ended with %d", code)
    if late or code == -signal.SIGALRM:
        return LATE
    return SLOW if code == -signal.SIGXCPU else LARGE
