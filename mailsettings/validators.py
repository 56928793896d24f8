"""The rules of the two mail server screens that look at one value alone.

Each raises ValidationError with a message that says what is wrong and what to do; the codes name the rule.
"""

import re
import unicodedata
import uuid
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError

from configurator.vault.text import Secret
from mailsettings.clouds import DEFAULT_LOGIN_HOST, LOGIN_HOSTS

GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
DOMAIN = re.compile(
    r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE
)
SHARED_AUTHORITIES = {
    "common": "“/common” stands for any tenant",
    "organizations": "“/organizations” stands for any work tenant",
    "consumers": "“/consumers” stands for personal accounts",
}
MAX_SECRET_LENGTH = 8192
EMPTY_GUID = uuid.UUID(int=0)


@dataclass(frozen=True)
class Authority:
    """The two parts of an Address: the login host and the tenant."""

    login_host: str
    tenant_id: uuid.UUID

    def __str__(self) -> str:
        return f"https://{self.login_host}/{self.tenant_id}"


def is_guid(text: str) -> bool:
    """Tell whether the text, blanks aside, has the form of a GUID."""
    return bool(GUID.fullmatch(text.strip()))


def guid(text: str, what: str, where: str) -> uuid.UUID:
    """Read a GUID; ValidationError says that ``what`` is expected and ``where`` it stands."""
    value = text.strip().strip("{}")
    if not GUID.fullmatch(value):
        raise ValidationError(
            f"This is not {what}: it is a GUID, 32 digits in five groups. Copy it from {where}.",
            code="not_a_guid",
        )
    parsed = uuid.UUID(value)
    if parsed == EMPTY_GUID:
        raise ValidationError(
            f"A GUID of zeros is a placeholder. Copy {what} from {where}.", code="empty_guid"
        )
    return parsed


def parse_authority(text: str) -> Authority:
    """Read ``https://[login address]/[tenant ID]``; blanks around it and a trailing slash are dropped."""
    value = text.strip()
    if GUID.fullmatch(value):
        raise ValidationError(
            f"This is the bare tenant ID. Here the login address stands before it: https://{DEFAULT_LOGIN_HOST}/{value}",
            code="bare_tenant",
        )
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme != "https":
        raise ValidationError(
            f"The address begins with https://, as in https://{DEFAULT_LOGIN_HOST}/<tenant ID>.",
            code="not_https",
        )
    host = (parts.hostname or "").lower()
    if host not in LOGIN_HOSTS or port is not None or "@" in parts.netloc:
        raise ValidationError(
            f"“{parts.netloc}” is none of Microsoft's login addresses. Use {DEFAULT_LOGIN_HOST}, or for a "
            "national cloud login.microsoftonline.us or login.partner.microsoftonline.cn.",
            code="unknown_host",
        )
    return Authority(host, _tenant_of(parts.path, query=bool(parts.query or parts.fragment)))


def _tenant_of(path: str, *, query: bool) -> uuid.UUID:
    """Return the one path segment as the tenant ID; ValidationError for any other path."""
    segments = [segment.strip() for segment in path.split("/") if segment.strip()]
    first = segments[0].lower() if segments else ""
    if first in SHARED_AUTHORITIES:
        raise ValidationError(
            f"{SHARED_AUTHORITIES[first]}, and a server's sign-in needs one. Put your Directory (tenant) ID there.",
            code="shared_authority",
        )
    if not segments:
        raise ValidationError(
            "The tenant ID is missing after the login address. Copy the Directory (tenant) ID from the app's Overview "
            "page in Entra.",
            code="no_tenant",
        )
    if len(segments) > 1 or query:
        raise ValidationError(
            "Only the tenant ID follows the login address. Remove what comes after it "
            f"(such as /oauth2/v2.0/token): https://…/{segments[0]}",
            code="extra_path",
        )
    if DOMAIN.fullmatch(first):
        raise ValidationError(
            "The address takes the tenant's GUID, not its domain name. Copy the Directory (tenant) ID from the app's "
            "Overview page in Entra.",
            code="domain_tenant",
        )
    return guid(segments[0], "a tenant ID", "Directory (tenant) ID on the app's Overview page in Entra")


@dataclass(frozen=True)
class BareTenant:
    """The tenant of the outgoing server: a GUID or a domain; ``reduced`` when it was cut out of a login URL."""

    tenant: str
    reduced: bool = False


def parse_bare_tenant(text: str) -> BareTenant:
    """Read the tenant of the External Outgoing Mail Server; a pasted login URL is reduced to its tenant."""
    value = text.strip().rstrip("/")
    reduced = "://" in value or value.lower().startswith(tuple(LOGIN_HOSTS))
    if reduced:
        parts = urlsplit(value if "://" in value else f"https://{value}")
        value = parts.path.strip("/").split("/")[0]
        if (parts.hostname or "").lower() not in LOGIN_HOSTS or value.lower() in ("", *SHARED_AUTHORITIES):
            raise ValidationError(
                "Enter the tenant ID alone, as a GUID or a domain name such as contoso.onmicrosoft.com, not a URL.",
                code="url_without_tenant",
            )
    if GUID.fullmatch(value):
        return BareTenant(str(guid(value, "a tenant ID", "Overview in Entra")), reduced)
    ascii_name = _ascii_domain(value)
    if re.fullmatch(r"[0-9.]+|\[?[0-9a-f:]+\]?", value, re.IGNORECASE):
        raise ValidationError(
            "With OAuth no IP address goes here: enter the tenant ID of the Office 365 system, a GUID or a domain name.",
            code="ip_address",
        )
    if re.fullmatch(
        r"(smtp|outlook|imap|pop|mail)\..*|.*\.(office|office365|outlook)\.com", value, re.IGNORECASE
    ):
        raise ValidationError(
            "With OAuth no mail server's name goes here: enter the tenant ID of the Office 365 system, a GUID or a "
            "domain name such as contoso.onmicrosoft.com.",
            code="mail_host",
        )
    if not DOMAIN.fullmatch(ascii_name):
        raise ValidationError(
            "This is neither a GUID nor a domain name. Copy the Tenant ID from the Overview page in Entra.",
            code="not_a_tenant",
        )
    return BareTenant(ascii_name.lower(), reduced)


def _ascii_domain(name: str) -> str:
    """Return the name in the ASCII form of IDNA, or as it is when it has none."""
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        return name


def client_id(text: str) -> uuid.UUID:
    """Read an Application (client) ID."""
    return guid(text, "a client ID", "Application (client) ID on the app's Overview page in Entra")


def client_secret(secret: Secret) -> None:
    """Refuse what cannot be the Value of a client secret."""
    text = secret.reveal()
    if is_guid(text):
        raise ValidationError(
            "This is the Secret ID, not the secret. In Entra, Certificates & secrets, copy the column Value; it is "
            "shown only right after the secret is made, so you may have to make a new one.",
            code="secret_id",
        )
    _no_odd_ends(text, "Entra's secrets never do. Copy the Value again, without the blanks.")


def mailbox_password(secret: Secret) -> None:
    """Refuse a password that Entra cannot take by the password grant."""
    _no_odd_ends(
        secret.reveal(),
        "Entra does not accept that in this kind of sign-in. Give the account another password.",
    )


def _no_odd_ends(text: str, remedy: str) -> None:
    """Refuse blanks at either end, control characters and an oversized text."""
    if text != text.strip():
        raise ValidationError(f"It begins or ends with a blank. {remedy}", code="blank_ends")
    if any(unicodedata.category(char) == "Cc" for char in text):
        raise ValidationError(
            "It holds a line break or another control character. Copy it again.", code="control"
        )
    if len(text.encode()) > MAX_SECRET_LENGTH:
        raise ValidationError(
            f"It is longer than {MAX_SECRET_LENGTH} bytes. Copy the value alone.", code="too_long"
        )


def plain_line(text: str) -> None:
    """Refuse control characters, which a name on one line cannot hold."""
    if any(unicodedata.category(char) in ("Cc", "Cs") for char in text):
        raise ValidationError(
            "A line break or another control character is in here. Remove it.", code="control"
        )
