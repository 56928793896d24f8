"""Uploading: a file is sealed and stored as it is, and workers are notified, one of which reads it."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import BinaryIO

from django.db import transaction
from django.db.models import Count, Q
from django.db.models.functions import Now

from configurator.accounts.models import User
from configurator.jobs.doorbell import notify_on_commit
from configurator.vault.pieces import sealer
from imports.kinds import kinds_of
from imports.models import OPEN, Import, ImportPiece, State
from imports.reading import BadFile
from imports.reading.files import tidy_name

PIECE = 256 * 1024  # bytes
SENT_TWICE = timedelta(seconds=30)
# Of one user, as nobody uploads them by hand: files that wait for a worker, and dry runs neither applied nor discarded.
MOST_WAITING = 20
MOST_KEPT = 200
DRY_RUNS = (State.READY, State.REFUSED, State.INTERRUPTED)


@transaction.atomic
def upload(*, user: User, kind: str, name: str, file: BinaryIO, pk: uuid.UUID | None = None) -> Import:
    """Store the file for a worker to read; BadFile for a kind that the user may not import, and for one file too many.

    ``pk`` is the id that the sent form carries: sent twice in a row, it is one import.
    """
    if kind not in kinds_of(user):
        raise BadFile("You may not import these.")
    described = {"kind": kind, "file_name": tidy_name(name), "user": user}
    stored, created = Import.objects.get_or_create(
        pk=pk or uuid.uuid4(), defaults=described | {"user_name": user.username}
    )
    if not created:
        just_now = Import.objects.filter(pk=stored.pk, uploaded_at__gt=Now() - SENT_TWICE, **described)
        # A form that the browser kept may bring another file later.
        return stored if just_now.exists() else upload(user=user, kind=kind, name=name, file=file)
    _hold_to_limits(user)
    seal = sealer()
    for number, piece in enumerate(_pieces(file)):
        context = ImportPiece.context(stored.pk, number)
        ImportPiece.objects.create(of=stored, number=number, sealed=seal(piece, context))
    notify_on_commit(stored)
    return stored


def _hold_to_limits(user: User) -> None:
    """Raise BadFile where more of the user's files wait than a person sends, the new one counted."""
    # One upload of a user after the other counts, or many at once would all find room.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    found = Import.objects.filter(user=user).aggregate(
        waiting=Count("pk", filter=Q(state__in=OPEN)), kept=Count("pk", filter=Q(state__in=DRY_RUNS))
    )
    if found["waiting"] > MOST_WAITING:
        raise BadFile(
            f"{found['waiting'] - 1} of your files wait for a worker already. Send this one when they are done, or "
            "discard some of them: choose each in Imports, then Discard."
        )
    if found["kept"] >= MOST_KEPT:
        raise BadFile(
            f"{found['kept']} of your dry runs wait to be applied. Apply or discard some of them first: choose each in "
            "Imports, then Discard."
        )


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece
