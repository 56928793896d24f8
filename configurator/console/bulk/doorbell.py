"""Tells the workers that a job waits.  The ring may be lost: the sweep rings again."""

import uuid
from functools import partial
from typing import Final

from django.db import transaction

from configurator.jobs.doorbell import rung

TASK: Final = "configurator.console.bulk.tasks.perform"


def ring_on_commit(pk: uuid.UUID) -> None:
    """Ring for the job once it is committed."""
    transaction.on_commit(partial(ring, pk), robust=True)


def ring(pk: uuid.UUID) -> None:
    """Publish a task for the job."""
    rung(TASK, pk, waits=f"the job {pk} waits")
