"""What the last test of a server's next secret found, where it did not pass: the floor that tests it tells."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from mailsettings.rotation.slots import Server


@dataclass(frozen=True)
class FailedTest:
    """A test of exactly the next secret that stands there: ``refused`` by Microsoft, or ended by something else."""

    at: datetime
    refused: bool


# Each is asked for the newest test of the next secret that the server holds; None where it passed or is not known.
tellers: list[Callable[[Server], FailedTest | None]] = []


def failed_test(server: Server) -> FailedTest | None:
    """Return the test that the next secret did not pass; None where it passed, or nobody knows of any."""
    if not server.next_secret_id or server.next_secret_tested_at:
        return None
    return next(filter(None, (tell(server) for tell in tellers)), None)
