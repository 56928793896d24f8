"""What is wrong with PostgreSQL when it refuses or does not answer: what it means, what to do, what still works.

SQLSTATEs: PostgreSQL's documentation, appendix A. A refused connection has none, only the server's sentence.
"""

import mmap
import re
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError
from django.db import Error, InterfaceError, OperationalError


@dataclass(frozen=True)
class Fault:
    """``title`` and ``text`` are for people; ``reads`` says whether pages can be read while it lasts."""

    title: str
    text: str
    reads: bool = False

    @property
    def log(self) -> str:
        """The title as a part of a log line."""
        return self.title[0].lower() + self.title[1:]


AWAY: Final = Fault("The database does not answer", "Wait a moment and try again.")
DISK_FULL: Final = Fault(
    "The database's disk is full",
    "Pages can be read, but nothing can be saved until somebody makes room on the disk of the database server.",
    reads=True,
)
READ_ONLY: Final = Fault(
    "The database is read-only",
    "Pages can be read, but nothing can be saved until the database takes changes again. It may be a standby server, "
    "or somebody has set it so: ask whoever runs the database.",
    reads=True,
)
NO_RIGHT: Final = Fault(
    "The database refuses its own user a right",
    "The user of DATABASE_URL lacks a right in the database: ask whoever runs the database to give it to that user.",
    reads=True,
)
TOO_MANY: Final = Fault(
    "The database takes no more connections",
    "All of its connections are in use. Wait a moment and try again; if it stays, whoever runs the database has to "
    "allow more of them (max_connections).",
)
NO_MEMORY: Final = Fault(
    "The database is out of memory", "Wait a moment and try again; if it stays, tell whoever runs the database."
)
RESTARTING: Final = Fault("The database is being restarted", "Wait a moment and try again.")
SIGN_IN: Final = Fault(
    "The database does not let the console in",
    "The user, the password or the database's name in DATABASE_URL is wrong, or the database refuses this user.",
)
LOCKED: Final = Fault("Somebody else is saving this at the moment", "Wait a moment and save it again.", reads=True)
TOO_LONG: Final = Fault("The database took too long", "Try again; with more filters, if this is a list.", reads=True)
STATES: Final = {
    "53100": DISK_FULL,
    "25006": READ_ONLY,
    "42501": NO_RIGHT,
    "53300": TOO_MANY,
    "53200": NO_MEMORY,
    "57P01": RESTARTING,
    "57P02": RESTARTING,
    "57P03": RESTARTING,
    "28000": SIGN_IN,
    "28P01": SIGN_IN,
    "3D000": SIGN_IN,
    "55P03": LOCKED,
    "40001": LOCKED,
    "40P01": LOCKED,
    "57014": TOO_LONG,
}
SENTENCES: Final = (
    (re.compile(r"too many (clients|connections)|connection slots are reserved"), TOO_MANY),
    (re.compile(r"system is (starting up|shutting down|in recovery mode|not yet accepting connections)"), RESTARTING),
    (re.compile(r"(administrator|unexpected crash|another server process)"), RESTARTING),
    (re.compile(r"authentication failed|no pg_hba\.conf entry|(database|role) \".*\" does not exist"), SIGN_IN),
    (re.compile(r"No space left on device"), DISK_FULL),
)


def fault_of(error: BaseException | None) -> Fault | None:
    """Return what is wrong with the database according to ``error``, None when it is another error."""
    # The first error says most: later ones come from cleaning up after it.
    chain = list(_chain(error))
    for one in reversed(chain):
        if fault := STATES.get(getattr(one, "pgcode", None) or ""):
            return fault
    away = [one for one in chain if isinstance(one, (OperationalError, InterfaceError))]
    for one in away:
        for sentence, fault in SENTENCES:
            if sentence.search(str(one)):
                return fault
    return AWAY if away else None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield the error and its causes; an error that was being handled only if it is the database's own."""
    while error is not None:
        yield error
        error = error.__cause__ or (error.__context__ if isinstance(error, Error) else None)


class NotSaved(ValidationError):
    """The database accepted no change; the form can be shown again, with this message."""


@contextmanager
def saving() -> Iterator[None]:
    """Turn a refusal of the database into NotSaved where the form can still be shown; call a service inside."""
    try:
        yield
    except Error as error:
        fault = fault_of(error)
        if fault is None or not fault.reads:
            raise
        note(fault)
        raise NotSaved(f"{fault.title}: nothing was saved. {fault.text}") from None


# The last fault and its time, for the health check: shared memory of the web server's workers, which are forked from
# one process. A full disk shows in a failed write alone.
_memory: Final = mmap.mmap(-1, 16)
_FORMAT: Final = "di"
_KINDS: Final = (DISK_FULL, READ_ONLY, NO_RIGHT)
REMEMBERED: Final = 60.0


def note(fault: Fault) -> None:
    """Store for a minute a fault that pages survive."""
    if fault in _KINDS:
        struct.pack_into(_FORMAT, _memory, 0, time.time(), _KINDS.index(fault))


def noted() -> Fault | None:
    """Return the fault that a worker of this web server stored within the last minute, None when there was none."""
    at, kind = struct.unpack_from(_FORMAT, _memory, 0)
    return _KINDS[kind] if time.time() - at < REMEMBERED else None
