"""The keys of VAULT_KEYS: the first one seals, each one opens, none is ever shown."""

import base64
import binascii
import functools
import hashlib
import hmac
import re
import secrets

from configurator.vault.errors import KeyringError

KEY_BYTES = 32
KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")
REMEDY = "VAULT_KEYS is a list of name:base64-of-32-bytes; `manage.py vault_newkey` prints an entry."


class Key:
    """One named key; only values derived for a purpose leave it, so no two uses share key bytes."""

    def __init__(self, key_id: str, material: bytes) -> None:
        if not KEY_ID.fullmatch(key_id):
            raise KeyringError(f"A key's name is 1 to 32 letters, digits, - or _. {REMEDY}")
        if len(material) != KEY_BYTES:
            raise KeyringError(f"The key {key_id} is {len(material)} bytes long, not {KEY_BYTES}. {REMEDY}")
        self.id = key_id
        self.sealing = self._derive(material, "seal")
        self.fingerprinting = self._derive(material, "fingerprint")
        self.check_value = self._derive(material, "check").hex()

    @staticmethod
    def _derive(material: bytes, purpose: str) -> bytes:
        return hmac.new(material, f"configurator vault v1 {purpose}".encode(), hashlib.sha256).digest()

    def __repr__(self) -> str:
        return f"<Key {self.id}>"


class Keyring:
    """All keys of this process, the primary first."""

    def __init__(self, keys: list[Key]) -> None:
        if not keys:
            raise KeyringError(f"VAULT_KEYS is empty. {REMEDY}")
        if len({key.id for key in keys}) < len(keys):
            raise KeyringError("Two keys of VAULT_KEYS have the same name: name each one differently.")
        if len({key.check_value for key in keys}) < len(keys):
            raise KeyringError("VAULT_KEYS holds the same key under two names: remove one.")
        self._keys = {key.id: key for key in keys}
        self.primary = keys[0]

    def get(self, key_id: str) -> Key | None:
        return self._keys.get(key_id)

    @property
    def ids(self) -> list[str]:
        """The names of the keys, the primary first."""
        return list(self._keys)

    def __repr__(self) -> str:
        return f"<Keyring {', '.join(self._keys)}>"


@functools.lru_cache(maxsize=8)
def parse(text: str) -> Keyring:
    """Parse the value of VAULT_KEYS; KeyringError, without any part of a key, for another form."""
    return Keyring([_entry(part.strip()) for part in text.split(",") if part.strip()])


def new_entry(key_id: str) -> str:
    material = secrets.token_bytes(KEY_BYTES)
    return f"{Key(key_id, material).id}:{base64.b64encode(material).decode()}"


def _entry(text: str) -> Key:
    key_id, _, encoded = text.partition(":")
    try:
        material = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        material = None
    # Raised here, since the decoder's own exception would carry the key along as its context.
    if material is None:
        raise KeyringError(f"An entry of VAULT_KEYS is not base64. {REMEDY}")
    return Key(key_id, material)
