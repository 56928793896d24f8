"""Errors of secrets. No message ever has a character of one."""

from enum import StrEnum


class Unreadable(StrEnum):
    MALFORMED = "malformed"
    VERSION = "version"
    UNKNOWN_KEY = "unknown_key"
    ELSEWHERE = "elsewhere"
    NOT_AUTHENTIC = "not_authentic"


class Refused(StrEnum):
    EMPTY = "empty"
    NUL = "nul"
    NOT_UNICODE = "not_unicode"
    TOO_LONG = "too_long"


UNREADABLE_TEXT = {
    Unreadable.MALFORMED: "its envelope is damaged",
    Unreadable.VERSION: "its envelope has a format that this version does not know",
    Unreadable.UNKNOWN_KEY: "the key that it was sealed with is not in VAULT_KEYS",
    Unreadable.ELSEWHERE: "it was entered for another record or destination",
    Unreadable.NOT_AUTHENTIC: "it was altered, moved, or sealed with another key of the same name",
}

REFUSED_TEXT = {
    Refused.EMPTY: "Enter the secret: it is empty.",
    Refused.NUL: "Enter the secret again: it holds a NUL character.",
    Refused.NOT_UNICODE: "Enter the secret again: it holds half a character.",
    Refused.TOO_LONG: "Enter a shorter secret: 16 KiB is the most that is kept.",
}


WRONG_KEY = "The key {} of VAULT_KEYS is not the one that sealed the secrets of this database."


class VaultError(Exception):
    """Anything the vault refuses to do."""


class KeyringError(VaultError):
    """VAULT_KEYS cannot be used; the message says why and has no key."""


class SecretRefused(VaultError):  # the name says what happened
    """A text that cannot be sealed; str() is fit to be shown at its field."""

    def __init__(self, reason: Refused) -> None:
        super().__init__(REFUSED_TEXT[reason])
        self.reason = reason


class SecretUnreadable(VaultError):  # the name says what happened
    """A sealed secret that cannot be opened: it has to be entered again; nothing is ever returned for it."""

    def __init__(self, reason: Unreadable, key_id: str = "") -> None:
        super().__init__(f"The secret cannot be read: {UNREADABLE_TEXT[reason]}. Enter it again.")
        self.reason = reason
        self.key_id = key_id
