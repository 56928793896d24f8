"""The rules of a queue's address that look at one value alone."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")


def canonical_address(text: str) -> str:
    """Return the address as it is compared: domain in ASCII (IDNA 2008 by way of the mail rules), all in lower case."""
    local, _, domain = unicodedata.normalize("NFC", text.strip()).rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        pass
    return f"{local}@{domain}".lower()


def full_address(text: str) -> None:
    """Refuse what is no full e-mail address; the domain may be internationalised."""
    value = text.strip()
    if "@" not in value:
        raise ValidationError(
            "Enter the full address with its domain, as the Microsoft 365 admin centre shows it: name@contoso.com.",
            code="not_full",
        )
    if "<" in value or "," in value or ";" in value:
        raise ValidationError(
            "Enter one address alone, without a name or a second address.", code="one_address"
        )
    try:
        validate_email(canonical_address(value))
    except ValidationError as error:
        raise ValidationError(
            "This is no e-mail address: check for blanks and for signs that do not belong there.",
            code="not_an_address",
        ) from error


def account_name(text: str) -> None:
    """Refuse an account that is no sign-in name (user principal name) of a work account."""
    value = text.strip()
    if "#ext#" in value.lower():
        raise ValidationError(
            "This is a guest account, which cannot be used here. Use an account of the tenant itself.",
            code="guest",
        )
    if "\\" in value:
        raise ValidationError(
            "This is a Windows sign-in name. Microsoft 365 wants the user name with its domain: name@contoso.com.",
            code="windows_name",
        )
    if "@" not in value:
        raise ValidationError(
            "Enter the account's full user name with its domain (User principal name): name@contoso.com.",
            code="not_full",
        )
    full_address(value)


def language_tag(text: str) -> None:
    """Refuse what is no language tag (RFC 5646: language, script, region)."""
    if not LANGUAGE_TAG.fullmatch(text):
        raise ValidationError(
            "Enter a language tag such as en, de or pt-BR: the language in small letters, the region in capitals.",
            code="language_tag",
        )
