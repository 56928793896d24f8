"""GUIDs as people paste them, and what they paste instead."""

import re
import uuid
from urllib.parse import unquote

from django.core.exceptions import ValidationError

from configurator import signs

GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
GUID_DIGITS = 32
# What is copied along with a GUID from code or a sentence.
AROUND = "{}()\"'`“”„‘’«»"
GLUED = re.compile(r"common|organizations|consumers|tenant_?(id)?[=:]?|client_?id[=:]?", re.IGNORECASE)
ENCODED = re.compile(r"(%[0-9a-f]{2})+", re.IGNORECASE)
# A client secret made by Entra: 37 to 40 characters, with a tilde since 2021.
ENTRA_SECRET = re.compile(r"(?=.*~)[\w.~-]{30,50}|(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[\w.~+=-]{30,50}", re.ASCII)
CLIENT_ID_PLACE = "Application (client) ID on the app's Overview page in Entra"


def trimmed(text: str) -> str:
    """Return the text without blanks around it and without invisible characters."""
    return signs.stripped(text)


def refuse_strange(text: str) -> None:
    """Refuse a character that is not printable ASCII, with its name and position."""
    sign = signs.strange(text)
    if sign:
        raise ValidationError(str(sign), code="strange_sign")


def refuse_encoded(text: str) -> None:
    """Refuse a character that is encoded as in a URL, such as %0A, with its name."""
    found = ENCODED.search(text)
    if found:
        names = ", ".join(dict.fromkeys(signs.Sign(char, 1).name for char in unquote(found[0])))
        raise ValidationError(f"“{found[0][:30]}” in it stands for {names}. Take it out.", code="encoded_sign")


def is_guid(text: str) -> bool:
    """Return whether the text, without blanks around it, has the form of a GUID."""
    return bool(GUID.fullmatch(trimmed(text)))


def looks_like_secret(text: str) -> bool:
    """Return whether the text has the form of a client secret, which no other field may show or store."""
    value = trimmed(text)
    other = "://" in value or re.fullmatch(r"[\w.+-]+@[\w.-]+", value) or re.fullmatch(r"\w+(-\w+){4}", value)
    return bool(ENTRA_SECRET.fullmatch(value)) and not other and not re.fullmatch(r"[\w-]+(\.[\w-]+)+", value)


def is_placeholder(parsed: uuid.UUID) -> bool:
    """Return whether it repeats one digit, as in instructions and unfilled templates."""
    return len(set(parsed.hex)) == 1


def guid(text: str, what: str, where: str) -> uuid.UUID:
    """Parse a GUID; the ValidationError says what was pasted instead of ``what``, and ``where`` to find that."""
    value = trimmed(trimmed(text).strip(AROUND))
    refuse_strange(value)
    refuse_encoded(value)
    if not GUID.fullmatch(value):
        raise _misread(value, what, where)
    parsed = uuid.UUID(value)
    if is_placeholder(parsed):
        raise ValidationError(
            f"This GUID of one digit over and over is a placeholder. Copy {where}.", code="placeholder"
        )
    return parsed


def _misread(value: str, what: str, where: str) -> ValidationError:
    digits = len(re.sub(r"[^0-9a-f]", "", value, flags=re.IGNORECASE))
    if re.search(r"[<>\[\]]|xxxx", value, re.IGNORECASE):
        return ValidationError(f"This is the placeholder of some instructions. Copy {where}.", code="placeholder")
    if re.fullmatch(r"[0-9a-f-]{20,}", value, re.IGNORECASE) and digits != GUID_DIGITS:
        return ValidationError(
            f"A GUID has 32 digits, this has {digits}: some went missing or astray. Copy it anew: {where}.",
            code="guid_length",
        )
    if found := GUID.search(value):
        before, behind = value[: found.start()], value[found.end() :]
        said = " ".join(filter(None, [_glued(before, "before"), _glued(behind, "behind")]))
        return ValidationError(f"{said} Leave the GUID alone.", code="glued")
    return ValidationError(
        f"This is not {what}: that is a GUID, 32 digits in five groups. Copy {where}.", code="not_a_guid"
    )


def _glued(text: str, side: str) -> str:
    """Describe what is attached to that side of a GUID, "" where nothing is; what may be secret is not shown."""
    if not text:
        return ""
    return f"{f'“{text}”' if GLUED.fullmatch(text) else 'Something else'} stands {side} the GUID."


def client_id(text: str, *, belongs_in: str = "Secret") -> uuid.UUID:
    """Parse an Application (client) ID; ``belongs_in`` names the field for secrets on the screen."""
    value = trimmed(text)
    if looks_like_secret(value):
        raise ValidationError(
            f"This looks like a client secret, so it is not shown again. It belongs in the field {belongs_in}; "
            f"here goes {CLIENT_ID_PLACE}.",
            code="secret_pasted",
        )
    if value.lower().startswith("api://"):
        raise ValidationError(
            f"This is the Application ID URI. The client ID is a GUID alone: copy {CLIENT_ID_PLACE}.", code="uri_pasted"
        )
    if "://" in value:
        raise ValidationError(
            f"This is a web address. The client ID is a GUID alone: copy {CLIENT_ID_PLACE}.", code="url"
        )
    if "@" in value:
        raise ValidationError(
            f"This is an e-mail address; it belongs on a queue's address. Copy {CLIENT_ID_PLACE}.", code="mail_address"
        )
    return guid(value, "a client ID", CLIENT_ID_PLACE)
