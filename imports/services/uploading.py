"""Uploading: a file is sealed and stored as it is, and a worker is rung for that reads it."""

from collections.abc import Iterator
from typing import BinaryIO

from django.db import transaction

from configurator.accounts.models import User
from configurator.vault.pieces import sealer
from imports.bell import ring_on_commit
from imports.kinds import kinds_of
from imports.models import Import, ImportPiece
from imports.reading import BadFile
from imports.reading.files import tidy_name

PIECE = 256 * 1024  # bytes


@transaction.atomic
def upload(*, user: User, kind: str, name: str, file: BinaryIO) -> Import:
    """Store the file for a worker to read; BadFile for a kind that the user may not import."""
    if kind not in kinds_of(user):
        raise BadFile("You may not import these.")
    stored = Import.objects.create(kind=kind, file_name=tidy_name(name), user=user, user_name=user.username)
    seal = sealer()
    for number, piece in enumerate(_pieces(file)):
        context = ImportPiece.context(stored.pk, number)
        ImportPiece.objects.create(of=stored, number=number, sealed=seal(piece, context))
    ring_on_commit(stored.pk)
    return stored


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    """Give the file's bytes in pieces."""
    while piece := file.read(PIECE):
        yield piece
