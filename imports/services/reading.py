"""Reading: a worker has the file read by a child process, and stores its rows without any secret."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from configurator.jobs.doorbell import notify
from configurator.jobs.lease import close
from configurator.vault.errors import SecretUnreadable
from imports.hidden import hidden_in
from imports.kinds import KINDS
from imports.models import Cells, Import, ImportPart, State
from imports.reading import BadFile, read
from imports.reading.columns import SecretInFile

AT_ONCE = 500
KEY_GONE = "The key that the file was sealed with is gone. Choose the file again."


class KeyGone(BadFile):
    """The file cannot be opened any more."""


def read_file(claimed: Import) -> None:
    """Store the rows of the claimed import's file, and leave it waiting for the dry run.

    Where the file is unfit no row is kept, and the import says why. Its bytes are kept, sealed, only where another
    sheet of the workbook could be read instead, and never once a secret was met.
    """
    try:
        _store(claimed)
    except BadFile as bad:
        with transaction.atomic():
            if isinstance(bad, (SecretInFile, KeyGone)):
                claimed.sheets = []
            _drop_bytes(claimed)
            _close(claimed, State.NOT_READ, said=str(bad), ended_at=Now())
    notify_of_next()


@transaction.atomic
def _store(claimed: Import) -> None:
    claimed.parts.all().delete()
    file = read(_pieces_of(claimed), sheet=claimed.sheet)
    claimed.sheet, claimed.sheets, claimed.active_sheet = file.sheet, list(file.others), file.active
    header = KINDS[claimed.kind].columns.find(file)
    count = 0
    for part in _parts(header.kept(file)):
        count += len(part)
        ImportPart.pack(claimed, part[0][0], part).save()
    _drop_bytes(claimed)
    _close(
        claimed,
        State.WAITING,
        format=file.format,
        labels=header.labels,
        head_row=header.number,
        remarks=hidden_in(file, header),
        rows=count,
        attempt=0,
        notified_at=Now(),
    )


def _drop_bytes(claimed: Import) -> None:
    """Delete the file's bytes unless another sheet may be read from them."""
    if not claimed.sheets:
        claimed.pieces.all().delete()


def _close(claimed: Import, state: State, **values: Any) -> None:
    """Release the import in that state, with what was found of its sheets; LostClaim when the claim was lost."""
    found = {name: getattr(claimed, name) for name in ("sheet", "sheets", "active_sheet")}
    close(claimed, state, **found, **values)


def _pieces_of(claimed: Import) -> Iterator[bytes]:
    try:
        for piece in claimed.pieces.order_by("number").iterator(chunk_size=4):
            yield piece.open()
    except SecretUnreadable:
        raise KeyGone(KEY_GONE) from None


def _parts(rows: Iterator[Cells]) -> Iterator[list[Cells]]:
    """Give the rows some hundred at a time."""
    while part := list(islice(rows, AT_ONCE)):
        yield part


def notify_of_next() -> None:
    """Notify workers of the file that waits the longest, since no more than a few are read at a time."""
    notify([*Import.objects.filter(state=State.RECEIVED).order_by("uploaded_at")[:1]])
