"""The result of the last failed test of a server's next secret, from the app that runs these tests."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from mailsettings.rotation.slots import Server


@dataclass(frozen=True)
class FailedTest:
    """A failed test of exactly the present next secret: ``refused`` by Microsoft, or ended by something else."""

    at: datetime
    refused: bool


# Functions of upper floors that return a server's newest failed test; None where it passed or is not known.
tellers: list[Callable[[Server], FailedTest | None]] = []


def failed_test(server: Server) -> FailedTest | None:
    """Return the failed test of the next secret; None where it passed or is not known."""
    if not server.next_secret_id or server.next_secret_tested_at:
        return None
    return next(filter(None, (tell(server) for tell in tellers)), None)
