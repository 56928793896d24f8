"""The rules of names and secrets, each for one value alone.

Each refusal is a ValidationError that says what is wrong and what to do; its code names the rule.
"""

import re
import unicodedata

from django.core.exceptions import ValidationError

from configurator.vault.text import Secret
from mailsettings.guids import is_guid

MAX_SECRET_LENGTH = 8192
NEW_VALUE = (
    "In Entra, Certificates & secrets, copy the column Value; it is shown only right after the secret is made, so you "
    "may have to make a new one."
)


def client_secret(secret: Secret) -> None:
    """Refuse what cannot be the Value of a client secret."""
    text = secret.reveal()
    if is_guid(text):
        raise ValidationError(f"This is the Secret ID, not the secret. {NEW_VALUE}", code="secret_id")
    if re.fullmatch(r".{0,4}[*•●]{3,}", text.strip()):
        raise ValidationError(f"This is the secret as Entra masks it later. {NEW_VALUE}", code="masked")
    _no_odd_ends(text, "Entra's secrets never do. Copy the Value again, without the blanks.")


def mailbox_password(secret: Secret) -> None:
    """Refuse a password that Entra cannot take by the password grant."""
    _no_odd_ends(
        secret.reveal(), "Entra does not accept that in this kind of sign-in. Give the account another password."
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
    """Tell whether a control character or half a surrogate pair is in the text, those in ``but`` aside."""
    return any(unicodedata.category(char) in ("Cc", "Cs") and char not in but for char in text)


def plain_line(text: str) -> None:
    """Refuse control characters, which a text on one line cannot hold."""
    if has_control(text):
        raise ValidationError("A line break or another control character is in here. Take it out.", code="control")


def plain_text(text: str) -> None:
    """Refuse control characters other than line breaks and tabs."""
    if has_control(text, but="\r\n\t"):
        raise ValidationError("A control character is in here. Take it out, or type the text anew.", code="control")
