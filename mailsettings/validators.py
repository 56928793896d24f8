"""The rules of names and secrets, each for one value alone.

Each refusal is a ValidationError that says what is wrong and what to do; its code names the rule.
"""

import unicodedata

from django.core.exceptions import ValidationError

from configurator import signs
from configurator.vault.text import Secret
from mailsettings.identifiers.pasted_secrets import (
    doubtful_secret,
    instead_of_secret,
    seldom_in_secret,
    strange_in_secret,
)

MAX_SECRET_LENGTH = 8192


def client_secret(secret: Secret) -> None:
    """Refuse what cannot be the Value of a client secret."""
    text = secret.reveal()
    if why := instead_of_secret(text):
        raise ValidationError(why, code="no_secret")
    _no_odd_ends(text, "Entra's secrets never do. Copy the Value again, without the blanks.")
    if why := strange_in_secret(text):
        raise ValidationError(why, code="strange_sign")


def secret_notices(label: str, secret: Secret | None) -> list[str]:
    """Warn of a client secret that differs from Entra's in characters or form; the secret is never altered."""
    if secret is None:
        return []
    text = secret.reveal()
    seldom, doubt = seldom_in_secret(text), doubtful_secret(text)
    signs_said = f"{label} holds {seldom}, which Entra's secrets never do. Enter it again if not meant."
    return [*([signs_said] if seldom else []), *([f"{label} {doubt}."] if doubt else [])]


def mailbox_password(secret: Secret) -> None:
    """Refuse a password that Entra cannot accept by the password grant."""
    _no_unseen_ends(secret.reveal())
    _no_odd_ends(
        secret.reveal(), "Entra does not accept that in this kind of sign-in. Give the account another password."
    )


def password_notices(label: str, secret: Secret | None) -> list[str]:
    """Warn of characters within a password that are seldom meant; the password is never altered."""
    text = secret.reveal() if secret else ""
    unseen = dict.fromkeys(sign.name for sign in signs.unseen(text))
    if not unseen:
        return []
    return [f"{label} holds what is not seen or looks like a blank: {', '.join(unseen)}. Enter it again if not meant."]


def _no_unseen_ends(text: str) -> None:
    """Refuse an invisible character at either end, which is easily copied along with a password."""
    for sign in signs.unseen(text):
        if sign.place in (1, len(text)):
            raise ValidationError(
                f"It begins or ends with {sign.name}, which is not seen. Enter the password without it.",
                code="unseen_ends",
            )


def _no_odd_ends(text: str, remedy: str) -> None:
    """Refuse blanks at either end, control characters and an oversized text."""
    if has_control(text):
        raise ValidationError("It holds a line break or another control character. Copy it again.", code="control")
    if text != text.strip():
        raise ValidationError(f"It begins or ends with a blank. {remedy}", code="blank_ends")
    if len(text.encode()) > MAX_SECRET_LENGTH:
        raise ValidationError(f"It is longer than {MAX_SECRET_LENGTH} bytes. Copy the value alone.", code="too_long")


def has_control(text: str, *, but: str = "") -> bool:
    """Return whether the text has a control character or half a surrogate pair, except those in ``but``."""
    return any(unicodedata.category(char) in ("Cc", "Cs") and char not in but for char in text)


def plain_line(text: str) -> None:
    """Refuse control characters, which a text on one line cannot have."""
    if has_control(text):
        raise ValidationError("A line break or another control character is in here. Take it out.", code="control")


def plain_text(text: str) -> None:
    """Refuse control characters other than line breaks and tabs."""
    if has_control(text, but="\r\n\t"):
        raise ValidationError("A control character is in here. Take it out, or type the text anew.", code="control")
