"""The bare tenant of the External Outgoing Mail Server, and the mistakes made with it."""

import re
from dataclasses import dataclass

import idna
from django.core.exceptions import ValidationError

from configurator import signs
from mailsettings.identifiers.authority import DOMAIN, TENANT_PLACE, login_host, refuse_shared, split_url
from mailsettings.identifiers.clouds import KNOWN_HOSTS, LOGIN_HOSTS
from mailsettings.identifiers.guids import AROUND, GUID, guid, looks_like_secret, refuse_encoded, trimmed
from mailsettings.identifiers.hosts import is_ip, split_port

MAIL_HOST = re.compile(
    r"(smtp|imap|pop3?|mail|mx|outlook|autodiscover)[\w-]*\..+|(.+\.)?(office365|office|outlook|hotmail)\.com"
)
WANTED = "a GUID or a domain name such as contoso.onmicrosoft.com"


@dataclass(frozen=True)
class BareTenant:
    """The tenant of the outgoing server: a GUID or a domain; ``reduced`` when it was cut out of a login URL."""

    tenant: str
    reduced: bool = False


def parse_bare_tenant(text: str) -> BareTenant:
    """Parse the tenant; a pasted login URL is reduced to its tenant."""
    value = trimmed(text).rstrip("/").lower()
    if looks_like_secret(text):
        raise ValidationError(
            "This looks like a client secret, so it is not shown again. It belongs in the field Password.",
            code="secret",
        )
    reduced = "://" in value or value.startswith(tuple(LOGIN_HOSTS))
    if reduced:
        value = _tenant_in(value)
    refuse_shared(value, "Enter the tenant ID of the Office 365 system.")
    if GUID.fullmatch(value.strip(AROUND)):
        return BareTenant(str(guid(value, "a tenant ID", TENANT_PLACE)), reduced)
    _refuse_signs(value)
    _refuse_hosts(value)
    return BareTenant(_domain(value), reduced)


def _tenant_in(url: str) -> str:
    """Return the tenant that a login URL names; ValidationError for any other URL."""
    parts = split_url(url if "://" in url else f"https://{url}")
    try:
        login_host(parts.netloc)
    except ValidationError as error:
        if error.code == "closed_host":
            raise
        raise ValidationError(
            f"This is a URL, and none of Microsoft's login addresses. Enter the tenant ID alone, {WANTED}.", code="url"
        ) from error
    tenant = parts.path.strip("/").split("/")[0]
    if not tenant:
        raise ValidationError(
            f"This login address names no tenant. Enter the tenant ID alone, {WANTED}.", code="url_without_tenant"
        )
    return tenant


def _refuse_hosts(value: str) -> None:
    """Refuse what goes here without OAuth: an IP address or the name of a mail server."""
    if is_ip(split_port(value)[0]):
        raise ValidationError(
            f"With OAuth no IP address goes here. Enter the tenant ID of the Office 365 system, {WANTED}.",
            code="ip_address",
        )
    if "@" in value:
        raise ValidationError(
            f"This is an e-mail address. Enter the tenant alone: {value.rpartition('@')[2][:80]}, or its GUID.",
            code="mail_address",
        )
    if MAIL_HOST.fullmatch(value) or value in KNOWN_HOSTS:
        raise ValidationError(
            f"With OAuth no mail server's name goes here. Enter the tenant ID of the Office 365 system, {WANTED}.",
            code="mail_host",
        )


def _refuse_signs(value: str) -> None:
    """Refuse a lookalike character, and what is attached to a GUID."""
    sign = signs.strange_in_domain(value)
    if sign:
        raise ValidationError(str(sign), code="strange_sign")
    refuse_encoded(value)
    if GUID.search(value):
        guid(value, "a tenant ID", TENANT_PLACE)


def _domain(value: str) -> str:
    """Return the domain in its ASCII form; ValidationError for what is neither a domain nor nearly a GUID."""
    try:
        name = idna.encode(value, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        name = value
    if DOMAIN.fullmatch(name):
        return name
    if re.fullmatch(r"[0-9a-f{}<>\[\]-]{20,}|.*([<>\[\]]|xxxx).*", value):
        guid(value, "a tenant ID", TENANT_PLACE)
    raise ValidationError(
        f"This is neither a GUID nor a domain name. Enter the tenant ID of the Office 365 system, {WANTED}.",
        code="not_a_tenant",
    )
