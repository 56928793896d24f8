"""How far a long job is, told while its transaction is still open."""

import logging
import time
import uuid
from typing import Final, Self

from django.db import DatabaseError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

logger = logging.getLogger(__name__)

EVERY: Final = 0.5
TELL: Final = "UPDATE bulk_bulkjob SET progress = %s WHERE id = %s"


class Progress:
    """Counts rows and writes the number twice a second over a connection of its own, which short jobs never open."""

    def __init__(self, job: uuid.UUID) -> None:
        """Begin at no row."""
        self.job = job
        self.rows = 0
        self.due = time.monotonic() + EVERY
        self.aside: BaseDatabaseWrapper | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.aside is not None:
            self.aside.close()

    def step(self) -> None:
        """Count a row."""
        self.rows += 1
        if time.monotonic() > self.due:
            self._tell()
            self.due = time.monotonic() + EVERY

    def _tell(self) -> None:
        """Write the number; a job does not end because nobody hears how far it is."""
        try:
            self.aside = self.aside or connection.copy()
            with self.aside.cursor() as cursor:
                cursor.execute(TELL, [self.rows, self.job])
        except DatabaseError as error:
            logger.warning("the progress of the bulk job %s is not told (%s)", self.job, type(error).__name__)
