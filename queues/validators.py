"""The rules of a queue's address that need one value alone.

Each refusal is a ValidationError that says what is wrong and what to do; its code names the rule.
"""

import re
import unicodedata
from functools import lru_cache

import idna
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from configurator import signs
from mailsettings.identifiers.authority import DOMAIN
from mailsettings.validators import has_control

LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
MAIL_ADDRESS = EmailValidator(allowlist=[])


def canonical_address(text: str) -> str:
    """Return the address as it is compared: the domain in ASCII (IDNA 2008), all in lower case."""
    local, _, domain = unicodedata.normalize("NFC", signs.stripped(text)).rpartition("@")
    return f"{local.lower()}@{_in_ascii(domain)}"


@lru_cache(maxsize=512)
def _in_ascii(domain: str) -> str:
    """Return the domain in ASCII; what is no domain in lower case. Cached, since thousands of addresses share a few."""
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return domain.lower()


def full_address(text: str) -> None:
    """Refuse what is no full e-mail address; the domain may be internationalised."""
    _full_address(text.strip())


@lru_cache(maxsize=2048)
def _full_address(value: str) -> None:
    """Cached, since form, model and service each call it, for thousands of rows in an import."""
    _refuse_signs(value)
    if value.count("@") != 1 or not value.rpartition("@")[0]:
        raise ValidationError(
            "Enter the full address with its domain, as the Microsoft 365 admin centre shows it: name@contoso.com.",
            code="not_full",
        )
    domain = canonical_address(value).rpartition("@")[2]
    if not DOMAIN.fullmatch(domain):
        raise ValidationError(
            "What stands after the @ is no whole domain name. Enter it with its ending, as in name@contoso.com.",
            code="domain",
        )
    try:
        MAIL_ADDRESS(canonical_address(value))
    except ValidationError as error:
        raise ValidationError(
            "Some sign in this address cannot stand in one of Microsoft 365. Type it as the admin centre shows it.",
            code="not_an_address",
        ) from error


def _refuse_signs(value: str) -> None:
    """Refuse what is pasted together with an address."""
    if has_control(value):
        raise ValidationError("A line break or another control character is in here. Take it out.", code="control")
    if re.search(r"[<>\"]", value) or value.lower().startswith("mailto:"):
        raise ValidationError(
            "Enter the address alone: without a display name, quotes, angle brackets or mailto:.", code="display_name"
        )
    if re.search(r"[,;]", value) or value.count("@") > 1:
        raise ValidationError(
            "Enter one address alone. A queue takes several, each added by itself.", code="two_addresses"
        )
    if re.search(r"\s", value):
        raise ValidationError("There is a blank inside the address. Take it out.", code="blank_inside")


def account_name(text: str) -> None:
    """Refuse an account that is no sign-in name (user principal name) of a work account."""
    value = text.strip()
    if "#ext#" in value.lower():
        raise ValidationError(
            "This is a guest account, which cannot be used here. Enter an account of the tenant itself.", code="guest"
        )
    if "\\" in value:
        raise ValidationError(
            "This is a Windows sign-in name. Enter the user name that Microsoft 365 has, with its domain: "
            "name@contoso.com.",
            code="windows_name",
        )
    if value and "@" not in value:
        raise ValidationError(
            "The domain is missing. Enter the account's full user name (User principal name): name@contoso.com.",
            code="no_domain",
        )
    full_address(value)


def language_tag(text: str) -> None:
    """Refuse what is no language tag (RFC 5646: language, script, region)."""
    if not LANGUAGE_TAG.fullmatch(text):
        raise ValidationError(
            "Enter a language tag such as en, de or pt-BR: the language in small letters, the region in capitals.",
            code="language_tag",
        )
