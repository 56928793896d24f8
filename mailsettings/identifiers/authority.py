"""The Address of an incoming server, ``https://[login address]/[tenant ID]``, and the mistakes made with it.

Each refusal is a ValidationError that says what is wrong and what to do; its code names the rule.
"""

import re
import uuid
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit, urlunsplit

from django.core.exceptions import ValidationError

from mailsettings.identifiers.clouds import DEFAULT_LOGIN_HOST, LOGIN_HOSTS
from mailsettings.identifiers.guids import AROUND, guid, is_guid, looks_like_secret, refuse_strange, trimmed
from mailsettings.identifiers.hosts import is_ip, other_of_microsofts, refused, split_port
from mailsettings.identifiers.lookalikes import lookalike

DOMAIN = re.compile(
    r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE
)
SHARED_TENANTS = {
    "common": "“common” stands for any tenant",
    "organizations": "“organizations” stands for any work tenant",
    "consumers": "“consumers” stands for personal accounts",
    "9188040d-6c67-4c5b-b112-36a304b66dad": "This is the tenant of all personal accounts",
}
TENANT_PLACE = "Directory (tenant) ID on the app's Overview page in Entra"
OTHER_CLOUDS = "login.microsoftonline.us or login.partner.microsoftonline.cn"


@dataclass(frozen=True)
class Authority:
    login_host: str
    tenant_id: uuid.UUID

    def __str__(self) -> str:
        return f"https://{self.login_host}/{self.tenant_id}"


def parse_authority(text: str) -> Authority:
    """Parse an Address, without blanks around it and a trailing slash."""
    value = trimmed(trimmed(text).strip(AROUND + "<>"))
    if value.startswith("[") and value.endswith("]") and not is_ip(value):
        value = trimmed(value[1:-1])
    _refuse_other_things(value)
    parts = split_url(value)
    # A strange character in the login address gets a message of its own: it may be a trap.
    refuse_strange(value.replace(parts.netloc, "x" * len(parts.netloc)))
    if parts.scheme == "http":
        raise ValidationError(
            "http:// would send secrets unencrypted. Write https:// in its place.", code="not_encrypted"
        )
    if not parts.netloc and re.match(r"https://", value, re.IGNORECASE):
        raise ValidationError(
            f"No login address can be read after https://. Write https://{DEFAULT_LOGIN_HOST}/<tenant ID>.",
            code="no_host",
        )
    if parts.scheme != "https" or not parts.netloc:
        raise ValidationError(
            f"The address begins with https://, as in https://{DEFAULT_LOGIN_HOST}/<tenant ID>. Add it.",
            code="not_https",
        )
    return Authority(login_host(parts.netloc), _tenant_of(parts))


def _refuse_other_things(value: str) -> None:
    """Refuse what belongs in another field, and what no URL may contain."""
    if looks_like_secret(value):
        raise ValidationError(
            "This looks like a client secret, so it is not shown again. It belongs in the field Secret.", code="secret"
        )
    if is_guid(value):
        raise ValidationError(
            f"This is the tenant ID alone. Here the login address stands before it: "
            f"https://{DEFAULT_LOGIN_HOST}/{value.lower()}",
            code="bare_tenant",
        )
    if is_ip(value):
        raise ValidationError(
            f"This is an IP address. Here goes https://{DEFAULT_LOGIN_HOST}/<tenant ID>.", code="ip_address"
        )
    if DOMAIN.fullmatch(value) and value.lower() not in LOGIN_HOSTS:
        raise ValidationError(
            f"This is a domain name alone. Enter https://{DEFAULT_LOGIN_HOST}/ and behind it the tenant's GUID: copy "
            f"{TENANT_PLACE}.",
            code="bare_domain",
        )
    if re.fullmatch(r"[^\s/@]+@[^\s/@]+", value):
        raise ValidationError(
            f"This is an e-mail address; it belongs on a queue. Here goes https://{DEFAULT_LOGIN_HOST}/<tenant ID>.",
            code="mail_address",
        )
    if re.search(r"[\x00-\x20\x7f\\]", value):
        raise ValidationError("There is a blank, a line break or a \\ inside. Take it out.", code="blank_inside")


def split_url(value: str) -> SplitResult:
    """Return the parts of a URL, empty ones for a text that is none."""
    try:
        return urlsplit(value)
    except ValueError:
        return urlsplit("https://?")


def login_host(netloc: str) -> str:
    """Return the login host between https:// and the path; ValidationError for anything else."""
    if "@" in netloc:
        raise ValidationError(
            "A user name or password stands before an @ in the address. Take out everything between https:// and the "
            "login address.",
            code="userinfo",
        )
    host, colon, port = split_port(netloc.lower())
    if host.endswith(".") and host.rstrip(".") in LOGIN_HOSTS:
        raise ValidationError("Take out the full stop after the login address.", code="full_stop")
    if host in LOGIN_HOSTS and colon:
        raise ValidationError(
            f"Take out “:{port[:10]}”: the login address is always reached at its own port, 443.", code="port"
        )
    if why := refused(host):
        raise ValidationError(why, code="closed_host")
    if host not in LOGIN_HOSTS and is_ip(host):
        raise ValidationError(
            f"“{host[:80]}” is an IP address, and Microsoft's login addresses are names. Use {DEFAULT_LOGIN_HOST}.",
            code="ip_address",
        )
    if host not in LOGIN_HOSTS:
        raise ValidationError(
            other_of_microsofts(host)
            or lookalike(host)
            or f"“{host[:80]}” is none of Microsoft's login addresses. Use {DEFAULT_LOGIN_HOST}, or for a national "
            f"cloud {OTHER_CLOUDS}.",
            code="unknown_host",
        )
    return host


def _tenant_of(parts: SplitResult) -> uuid.UUID:
    """Return the one path segment as the tenant ID; ValidationError for any other path."""
    segments = [segment for segment in parts.path.split("/") if segment]
    if not segments:
        raise ValidationError(
            f"The tenant ID is missing after the login address. Copy {TENANT_PLACE}.", code="no_tenant"
        )
    first = segments[0].lower()
    refuse_shared(first, "Put your Directory (tenant) ID in its place.")
    if len(segments) > 1 or parts.query or parts.fragment:
        extra = urlunsplit(("", "", *parts[2:])).strip("/")[len(first) :]
        raise ValidationError(f"Nothing follows the tenant ID. Take out “{extra[:60]}” at the end.", code="extra_path")
    if DOMAIN.fullmatch(first):
        raise ValidationError(
            f"The address takes the tenant's GUID, not its domain name. Copy {TENANT_PLACE}.", code="domain_tenant"
        )
    return guid(first, "a tenant ID", TENANT_PLACE)


def refuse_shared(tenant: str, remedy: str) -> None:
    """Refuse the names with which Entra accepts sign-ins of more than one tenant."""
    if tenant in SHARED_TENANTS:
        raise ValidationError(
            f"{SHARED_TENANTS[tenant]}, but a mail server signs in at one tenant of its own. {remedy}",
            code="shared_tenant",
        )
