"""How far a worker is, written beside its transaction, so that it is seen before the end."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.db import connection
from django.db.models.functions import Now

from imports.models import Import

EVERY: Final = 1.0  # seconds


class LostClaim(Exception):
    """The lease ran out, and the import was told as interrupted: what this worker did must not stand."""


class Beat:
    """Writes how far the claimed import is, and holds the lease, over a connection of its own."""

    def __init__(self, claimed: Import) -> None:
        """Connect to the same database."""
        self.claimed = claimed
        self.beside, self.done, self.last = connection.copy(), 0, time.monotonic()
        table = connection.ops.quote_name(Import._meta.db_table)
        lease = f"{Import.LEASE.total_seconds()} * interval '1 second'"
        self.sql = (
            f"UPDATE {table} SET done = %s, lease_until = now() + {lease} "  # noqa: S608  names and a number of ours
            "WHERE id = %s AND fence = %s AND state = %s"
        )

    def __call__(self, done: int) -> None:
        """Say that so many rows are done."""
        claimed, self.done, self.last = self.claimed, done, time.monotonic()
        with self.beside.cursor() as cursor:
            cursor.execute(self.sql, [done, claimed.pk, claimed.fence, claimed.state])

    def meanwhile(self, done: int) -> None:
        """Say so where the last time is a second ago, for whoever comes by more often."""
        if time.monotonic() - self.last > EVERY:
            self(done)


@contextmanager
def beating(claimed: Import) -> Iterator[Beat]:
    """Hold the lease of the claimed import meanwhile."""
    beat = Beat(claimed)
    try:
        yield beat
    finally:
        beat.beside.close()


def close(claimed: Import, state: str, *, said: str = "", **values: Any) -> None:
    """Write how the claimed import ended, in the transaction of what it did; LostClaim when it is not ours any more."""
    closed = Import.objects.mine(claimed).update(state=state, said=said, lease_until=None, ended_at=Now(), **values)
    if not closed:
        raise LostClaim(str(claimed))
