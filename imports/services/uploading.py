"""Uploading: a file becomes a stored import, without any secret, and is rung for."""

from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

from django.db import transaction

from configurator.accounts.models import User
from imports.bell import ring_on_commit
from imports.kinds import KINDS, kinds_of
from imports.models import Cells, Import, ImportPart
from imports.reading import BadFile, read
from imports.reading.files import tidy_name

AT_ONCE = 500


@transaction.atomic
def upload(*, user: User, kind: str, name: str, file: BinaryIO) -> Import:
    """Store the rows of the file and have a worker make the dry run; BadFile, and nothing stored, where it is unfit."""
    if kind not in kinds_of(user):
        raise BadFile("You may not import these.")
    labels, rows = read(file)
    header = KINDS[kind].columns.read(labels)
    stored = Import.objects.create(
        kind=kind, file_name=tidy_name(name), labels=header.labels, user=user, user_name=user.username
    )
    for part in _parts(header.kept(rows)):
        stored.rows += len(part)
        ImportPart.pack(stored, part[0][0], part).save()
    stored.save(update_fields=["rows"])
    ring_on_commit(stored.pk)
    return stored


def _parts(rows: Iterator[Cells]) -> Iterator[list[Cells]]:
    """Give the rows some hundred at a time."""
    while part := list(islice(rows, AT_ONCE)):
        yield part
