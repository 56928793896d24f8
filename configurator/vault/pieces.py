"""Pieces of files, sealed in the database: an uploaded file may hold a secret."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from django.db import models, transaction

from configurator.vault import envelope
from configurator.vault.envelope import Context
from configurator.vault.errors import SecretUnreadable
from configurator.vault.services import confirm, keyring

# The models with pieces: the column `sealed` has one, and `place` is the Context that it was sealed for.
stores: list[type[models.Model]] = []


def sealer() -> Callable[[bytes, Context], bytes]:
    """Return a function that seals a piece for its place; KeyringError when the primary key is not the database's."""
    keys = keyring()
    confirm(keys.primary)
    return lambda piece, context: envelope.seal_bytes(piece, context.place, keys)


def open_piece(sealed: bytes, context: Context) -> bytes:
    """Return the piece that was sealed for that place; SecretUnreadable if there is none, or its key is gone."""
    return envelope.open_bytes(sealed, context.place, keyring())


def rekey_pieces() -> Counter[str]:
    """Seal every piece again that is not under the primary key; return how many were "re-keyed" and "unreadable"."""
    return Counter(
        outcome
        for store in stores
        for pk in store._default_manager.values_list("pk", flat=True)
        if (outcome := _rekey(store, pk))
    )


@transaction.atomic
def _rekey(store: type[models.Model], pk: Any) -> str:
    """Seal a piece again and return what became of it, "" where nothing was to be done."""
    keys, rows = keyring(), store._default_manager.filter(pk=pk)
    row: Any = rows.select_for_update().first()
    if row is None:
        return ""
    sealed = bytes(row.sealed)
    try:
        if envelope.take_apart(sealed).key_id == keys.primary.id:
            return ""
        piece = envelope.open_bytes(sealed, row.place.place, keys)
    except SecretUnreadable:
        return "unreadable"
    rows.update(sealed=envelope.seal_bytes(piece, row.place.place, keys))
    return "re-keyed"
