"""Claiming: one worker has an import, under a lease."""

import uuid

from django.db import transaction

from configurator.db.locks import advisory_lock
from imports.models import Import, State

STEPS = {State.RECEIVED: State.READING, State.WAITING: State.CHECKING, State.QUEUED: State.APPLYING}
# Files that are read at the same time, in all workers together: each may take the reader's whole memory and time.
READERS = 2
LOCK = 0x696D706F7274  # "import"


@transaction.atomic
def claim(pk: uuid.UUID) -> Import | None:
    """Return the import as this worker's, moved to what it waited for; None when it does not wait, or has to go on."""
    for state, into in STEPS.items():
        found = Import.objects.filter(pk=pk, state=state)
        if state == State.RECEIVED and found.exists() and not _reader_is_free():
            return None
        if found.take(lease=Import.LEASES[into], state=into, done=0, said=""):
            return Import.objects.get(pk=pk)
    return None


def _reader_is_free() -> bool:
    """Tell whether one more file may be read, and let nobody else ask before this transaction ends."""
    advisory_lock(LOCK)
    return Import.objects.filter(state=State.READING).count() < READERS
