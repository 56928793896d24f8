"""Pieces of files, sealed while they lie in the database: what somebody uploads may hold a secret."""

from collections.abc import Callable

from configurator.vault import envelope
from configurator.vault.envelope import Context
from configurator.vault.services import confirm, keyring


def sealer() -> Callable[[bytes, Context], bytes]:
    """Return a function that seals a piece for its place; KeyRingError when the primary key is not the database's."""
    keys = keyring()
    confirm(keys.primary)
    return lambda piece, context: envelope.seal_bytes(piece, context.place, keys)


def open_piece(sealed: bytes, context: Context) -> bytes:
    """Return the piece that was sealed for that place; SecretUnreadable if there is none, or its key is gone."""
    return envelope.open_bytes(sealed, context.place, keyring())
