"""How far a worker is, and its lease: written over a second connection, since the job's own transaction is open."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final

from django.db import DatabaseError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

from configurator.jobs.models import Job

logger = logging.getLogger(__name__)

EVERY: Final = 0.5  # seconds
LEASE: Final = timedelta(seconds=40)


class LostClaim(Exception):
    """The lease ran out, and somebody else has the job: what this worker did may not be committed."""


class Heartbeat:
    """Writes how many rows of the claimed job are done and renews its lease, twice a second at the most."""

    def __init__(self, job: Job) -> None:
        """Begin at no row; the connection is opened when something is written."""
        self.job = job
        self.done = 0
        self.due = time.monotonic() + EVERY
        self.second: BaseDatabaseWrapper | None = None
        quote, meta = connection.ops.quote_name, type(job)._meta
        column = next(field.column for field in meta.concrete_fields if field.name == "done")
        self.sql = (
            f"UPDATE {quote(meta.db_table)} SET {quote(str(column))} = %s, "  # noqa: S608  our own names
            "lease_until = now() + %s * interval '1 second' WHERE id = %s AND fence = %s AND state = %s"
        )

    def __call__(self, done: int) -> None:
        """Note that so many rows are done."""
        self.done = done
        if time.monotonic() > self.due:
            self.due = time.monotonic() + EVERY
            self.renew()

    def renew(self) -> None:
        """Write the number and renew the lease; where that fails the worker goes on, and close() says if it may."""
        try:
            self.second = self.second or connection.copy()
            with self.second.cursor() as cursor:
                job, seconds = self.job, LEASE.total_seconds()
                cursor.execute(self.sql, [self.done, seconds, job.pk, job.fence, job.state])
        except DatabaseError as error:
            logger.warning("the progress of the job %s is not written (%s)", self.job.pk, type(error).__name__)


@contextmanager
def heartbeat(job: Job) -> Iterator[Heartbeat]:
    """Hold the lease of the claimed job as long as the block notes its progress."""
    beat = Heartbeat(job)
    try:
        yield beat
    finally:
        if beat.second is not None:
            beat.second.close()


def close(job: Job, state: str, **values: Any) -> None:
    """Write how the claimed job ended, in the transaction of its work; LostClaim when somebody else has it."""
    rows: Any = type(job)._default_manager
    if not rows.mine(job).update(state=state, lease_until=None, **values):
        raise LostClaim(str(job))
