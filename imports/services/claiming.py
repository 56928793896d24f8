"""Claiming: one worker has an import, under a lease."""

import uuid

from django.db import transaction

from imports.models import Import, State

STEPS = {State.WAITING: State.CHECKING, State.QUEUED: State.APPLYING}


@transaction.atomic
def claim(pk: uuid.UUID) -> Import | None:
    """Return the import as this worker's, moved to what it waited for; None when it does not wait any more."""
    for state, into in STEPS.items():
        if Import.objects.filter(pk=pk).claim(state, into, lease=Import.LEASE):
            return Import.objects.get(pk=pk)
    return None
