"""The doorbell of imports: tells the workers that one waits. It may fail; the sweep rings again."""

import uuid
from functools import partial
from typing import Final

from django.db import transaction
from django.db.models.functions import Now

from configurator.jobs.doorbell import rung
from imports.models import Import

TASK: Final = "imports.tasks.work"


def ring_on_commit(pk: uuid.UUID) -> None:
    """Ring for the import once its row is committed."""
    transaction.on_commit(partial(ring, pk), robust=True)


def ring(pk: uuid.UUID) -> None:
    """Publish a task for the import, and note when."""
    if rung(TASK, pk, waits="an import waits"):
        Import.objects.filter(pk=pk).update(rung_at=Now())
