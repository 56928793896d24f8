"""What a person asks for once the dry run is there: apply it, run it again, or throw it away."""

import uuid
from typing import Any

from django.db import transaction

from configurator.accounts.models import User
from configurator.jobs.doorbell import notify_on_commit
from imports.models import UNDER_WAY, Import, ImportRow, State

CLOSED = (State.READY, State.REFUSED, State.INTERRUPTED)
TO_READ = (*CLOSED, State.NOT_READ)
TO_APPLY = (State.READY, State.INTERRUPTED)


@transaction.atomic
def ask_to_apply(*, user: User, pk: uuid.UUID) -> bool:
    """Have a worker apply the import as this user; False where it is not ready for that, or changes nothing."""
    found = Import.objects.select_for_update().get(pk=pk)
    if found.state not in TO_APPLY or not found.counts or not found.to_write:
        return False
    return _ask(found, State.QUEUED, user=user, user_name=user.username)


@transaction.atomic
def ask_again(*, user: User, pk: uuid.UUID) -> bool:
    """Have a worker make the dry run once more as this user; False while it is under way or was applied."""
    found = Import.objects.select_for_update().get(pk=pk)
    if found.state not in CLOSED:
        return False
    return _ask(found, State.WAITING, user=user, user_name=user.username, counts={}, changes=[])


@transaction.atomic
def ask_to_read(*, user: User, pk: uuid.UUID, sheet: str) -> bool:
    """Have a worker read another sheet of the workbook as this user; False where its bytes are not kept any more."""
    found = Import.objects.select_for_update().get(pk=pk)
    if found.state not in TO_READ or sheet not in found.sheets or not found.pieces.exists():
        return False
    ImportRow.objects.filter(of=found).delete()
    read: dict[str, Any] = {"sheet": sheet, "sheets": [], "rows": 0, "counts": {}, "remarks": []}
    return _ask(found, State.RECEIVED, user=user, user_name=user.username, **read)


def _ask(found: Import, state: State, **values: Any) -> bool:
    Import.objects.filter(pk=found.pk).update(state=state, attempt=0, done=0, said="", notified_at=None, **values)
    notify_on_commit(found)
    return True


@transaction.atomic
def discard(*, pk: uuid.UUID) -> Import | None:
    """Delete the import and its rows, and return it as it was; None while a worker has it."""
    found = Import.objects.select_for_update().get(pk=pk)
    if found.state in UNDER_WAY:
        return None
    found.delete()
    return found
