"""Reading: a worker has the file read by a child process, and stores its rows without any secret."""

from collections.abc import Iterator
from itertools import islice

from django.db import transaction
from django.db.models.functions import Now

from configurator.vault.errors import SecretUnreadable
from imports.bell import ring
from imports.kinds import KINDS
from imports.models import Cells, Import, ImportPart, State
from imports.progress import LostClaim, close
from imports.reading import BadFile, read

AT_ONCE = 500
KEY_GONE = "The key that the file was sealed with is gone. Choose the file again."


def read_file(claimed: Import) -> None:
    """Store the rows of the claimed import's file, and leave it waiting for the dry run.

    Where the file is unfit, nothing of it is kept, and the import says why.
    """
    try:
        _store(claimed)
    except BadFile as bad:
        with transaction.atomic():
            claimed.pieces.all().delete()
            close(claimed, State.NOT_READ, said=str(bad))
    ring_for_next()


@transaction.atomic
def _store(claimed: Import) -> None:
    """Read the file, store its rows and drop its bytes."""
    sheet = read(_pieces_of(claimed))
    header = KINDS[claimed.kind].columns.read(sheet.labels)
    count = 0
    for part in _parts(header.kept(sheet.rows)):
        count += len(part)
        ImportPart.pack(claimed, part[0][0], part).save()
    claimed.pieces.all().delete()
    stored = Import.objects.mine(claimed).update(
        state=State.WAITING,
        format=sheet.format,
        labels=header.labels,
        rows=count,
        attempt=0,
        lease_until=None,
        rung_at=Now(),
    )
    if not stored:
        raise LostClaim(str(claimed))


def _pieces_of(claimed: Import) -> Iterator[bytes]:
    """Give the bytes of the file."""
    try:
        for piece in claimed.pieces.order_by("number").iterator(chunk_size=4):
            yield piece.open()
    except SecretUnreadable:
        raise BadFile(KEY_GONE) from None


def _parts(rows: Iterator[Cells]) -> Iterator[list[Cells]]:
    """Give the rows some hundred at a time."""
    while part := list(islice(rows, AT_ONCE)):
        yield part


def ring_for_next() -> None:
    """Ring for the file that waits the longest, since no more than a few are read at a time."""
    waiting = Import.objects.filter(state=State.RECEIVED).order_by("uploaded_at").values_list("pk", flat=True)
    for pk in waiting[:1]:
        ring(pk)
