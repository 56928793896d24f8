"""The sealed form of a secret: AES-256-GCM, bound to the place and the destination that it was entered for.

    v1 | length of key id | key id | nonce (12) | ciphertext and tag

The additional data names version, key id, table, row, field and destination, each with its length before
it, so an envelope that is moved, or whose record now points elsewhere, does not open.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass
from typing import Final, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from configurator.vault.errors import Refused, SecretRefused, SecretUnreadable, Unreadable
from configurator.vault.keys import KEY_ID, Keyring
from configurator.vault.text import Secret

VERSION: Final = b"v1"
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16
MAX_BYTES: Final = 16 * 1024


def destination(*parts: str) -> str:
    """Return the parts of a destination (host, tenant, client ID…) as a string that no other parts give."""
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a secret belongs, as it is stored with the envelope: the destination only as a digest."""

    table: str
    row: str
    field: str
    destination_digest: str


@dataclass(frozen=True, slots=True)
class Context:
    """Where a secret belongs and where it will be sent: changing either makes it unreadable."""

    table: str
    row: str
    field: str
    destination: str

    @property
    def place(self) -> Place:
        digest = hashlib.sha256(self.destination.encode()).hexdigest()
        return Place(self.table, self.row, self.field, digest)


class Parts(NamedTuple):
    """An envelope taken apart; nothing in it has been verified yet."""

    key_id: str
    nonce: bytes
    body: bytes


def seal(secret: Secret, place: Place, keys: Keyring) -> bytes:
    """Encrypt the secret with the primary key for that place; SecretRefused when it is no usable text."""
    return seal_bytes(accept(secret).reveal().encode(), place, keys)


def open_(envelope: bytes, place: Place, keys: Keyring) -> Secret:
    """Return the secret that was sealed for exactly that place; SecretUnreadable in every other case."""
    return Secret(open_bytes(envelope, place, keys).decode())


def seal_bytes(plain: bytes, place: Place, keys: Keyring) -> bytes:
    key = keys.primary
    key_id = key.id.encode()
    nonce = secrets.token_bytes(NONCE_BYTES)
    body = AESGCM(key.sealing).encrypt(nonce, plain, _additional(key.id, place))
    return VERSION + bytes([len(key_id)]) + key_id + nonce + body


def open_bytes(envelope: bytes, place: Place, keys: Keyring) -> bytes:
    """Return the bytes that were sealed for exactly that place; SecretUnreadable in every other case."""
    parts = take_apart(envelope)
    key = keys.get(parts.key_id)
    if key is None:
        raise SecretUnreadable(Unreadable.UNKNOWN_KEY, parts.key_id)
    try:
        return AESGCM(key.sealing).decrypt(parts.nonce, parts.body, _additional(key.id, place))
    except InvalidTag:
        raise SecretUnreadable(Unreadable.NOT_AUTHENTIC, parts.key_id) from None


def accept(secret: Secret) -> Secret:
    """Return the secret if it can be sealed and sent; SecretRefused says why not."""
    # The frame that raises must not hold the text: reports of errors print local variables.
    if reason := _objection(secret):
        raise SecretRefused(reason)
    return secret


def _objection(secret: Secret) -> Refused | None:
    text = secret.reveal()
    if not text:
        return Refused.EMPTY
    if "\0" in text:
        return Refused.NUL
    if any("\ud800" <= character <= "\udfff" for character in text):
        return Refused.NOT_UNICODE
    return Refused.TOO_LONG if len(text.encode()) > MAX_BYTES else None


def take_apart(envelope: bytes) -> Parts:
    """Split an envelope; SecretUnreadable when it is not one of ours."""
    if envelope[: len(VERSION)] != VERSION:
        raise SecretUnreadable(Unreadable.VERSION)
    start = len(VERSION) + 1
    end = start + (envelope[len(VERSION)] if len(envelope) >= start else 0)
    key_id = envelope[start:end].decode("ascii", "replace")
    nonce, body = envelope[end : end + NONCE_BYTES], envelope[end + NONCE_BYTES :]
    if not KEY_ID.fullmatch(key_id) or len(body) <= TAG_BYTES:
        raise SecretUnreadable(Unreadable.MALFORMED)
    return Parts(key_id, nonce, body)


def _additional(key_id: str, place: Place) -> bytes:
    parts = (VERSION.decode(), key_id, place.table, place.row, place.field, place.destination_digest)
    encoded = [part.encode() for part in parts]
    return b"".join(len(part).to_bytes(4, "big") + part for part in encoded)
