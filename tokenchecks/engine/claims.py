"""The claims of a token. We are not its audience, so its signature is not ours to check."""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from configurator.vault.text import Secret
from tokenchecks.engine.answers import TenantDocument
from tokenchecks.engine.explain.evidence import reads_own_mailbox, same
from tokenchecks.engine.subject import Subject

GRAPH_ID: Final = "00000003-0000-0000-c000-000000000000"
PUBLIC_CLIENT: Final = "0"
JWT_PARTS: Final = 3
SKEW_SECONDS: Final = 300
# Entra dates a token five minutes back, so that clocks a little behind accept it.
BACKDATED_SECONDS: Final = 300

READ_ONLY: Final = frozenset({"Mail.Read", "Mail.ReadBasic", "Mail.ReadBasic.All", "Mail.Read.Shared"})
WRITE: Final = frozenset({"Mail.ReadWrite", "Mail.ReadWrite.Shared"})
SEND: Final = frozenset({"Mail.Send", "Mail.Send.Shared"})
READ_APPS: Final = frozenset(
    {"Application.Read.All", "Application.ReadWrite.All", "Application.ReadWrite.OwnedBy", "Directory.Read.All",
     "Directory.ReadWrite.All"}
)  # fmt: skip
KNOWN: Final = READ_ONLY | WRITE | SEND | READ_APPS | {"User.Read", "openid", "profile", "email"}
# The directory role that Entra writes into tokens of apps without any.
NO_OFFICE: Final = "0997a1d0-0d1d-4acb-b408-d5ca73121e90"


@dataclass(frozen=True, slots=True)
class Claims:
    """The claims in use: `roles` are an app's rights, `scopes` a user's, `offices` an app's directory roles."""

    audience: str
    tenant_id: str
    client_id: str
    client_proof: str
    roles: frozenset[str]
    scopes: frozenset[str]
    offices: frozenset[str]
    issued_at: datetime | None

    @property
    def named(self) -> str:
        return ", ".join(sorted(self.roles | self.scopes)) or "no right"

    @property
    def are_known(self) -> bool:
        """Whether every right is one of Microsoft's for mail: such a name holds no secret."""
        return self.roles | self.scopes <= KNOWN

    @property
    def may_read_apps(self) -> bool:
        """Whether it may allow reading the app's own registration."""
        return bool(self.roles & READ_APPS or self.offices - {NO_OFFICE})

    def held(self, subject: Subject) -> frozenset[str]:
        """Return the rights in force: the app's own where it signs in for itself, else the user's."""
        return self.roles if subject.is_service else self.scopes

    def may_read(self, subject: Subject) -> bool:
        """Return whether mail may be read, or more."""
        return bool(self.held(subject) & (READ_ONLY | WRITE))

    def sending(self, subject: Subject) -> frozenset[str]:
        return self.held(subject) & SEND


def read_claims(token: Secret) -> Claims | None:
    """Return the claims of a token of Entra; None for any other."""
    parts = token.reveal().split(".")
    if len(parts) != JWT_PARTS:
        return None
    try:
        data = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        return None
    if not isinstance(data, dict) or not (data.get("tid") or data.get("appid") or data.get("azp")):
        return None
    scopes = data.get("scp")
    return Claims(
        audience=_text(data, "aud"),
        tenant_id=_text(data, "tid"),
        client_id=_text(data, "appid", "azp"),
        client_proof=_text(data, "appidacr", "azpacr"),
        roles=_texts(data.get("roles")),
        scopes=frozenset(scopes.split() if isinstance(scopes, str) else ()),
        offices=_texts(data.get("wids")),
        issued_at=_moment(data.get("iat")),
    )


def faults(claims: Claims, subject: Subject, document: TenantDocument) -> Iterator[str]:
    """Yield the code of each claim that makes the token useless."""
    if claims.audience.rstrip("/") not in {f"https://{document.graph_host}", GRAPH_ID}:
        yield "token_for_other_service"
    if claims.tenant_id and document.tenant_id and not same(claims.tenant_id, document.tenant_id):
        yield "token_for_other_tenant"
    if claims.client_id and not same(claims.client_id, subject.client_id):
        yield "token_for_other_app"


def doubts(claims: Claims, subject: Subject, server_time: datetime | None) -> Iterator[str]:
    """Yield the code of each right that is missing, and of what else looks wrong."""
    if subject.is_service and claims.client_proof == PUBLIC_CLIENT:
        yield "token_without_proof"
    if subject.kind != "outgoing":
        yield from _reading(claims, subject)
    if _clocks_differ(claims, server_time):
        yield "clock_skew"


def _reading(claims: Claims, subject: Subject) -> Iterator[str]:
    shared = not subject.is_service and not reads_own_mailbox(subject)
    wanted = {"Mail.ReadWrite.Shared"} if shared else WRITE
    held = claims.held(subject)
    if held & wanted:
        return
    if claims.may_read(subject):
        yield "read_role_only" if not held & WRITE else "shared_scope_missing"
    elif subject.is_service:
        yield "role_delegated" if claims.scopes and not claims.roles else "role_missing"
    else:
        yield "scope_missing"


def _clocks_differ(claims: Claims, server_time: datetime | None) -> bool:
    """Return whether this machine's clock is far off, by the server's time or the token's date of issue."""
    now = datetime.now(UTC)
    if server_time and abs((now - server_time).total_seconds()) > SKEW_SECONDS:
        return True
    age = (now - claims.issued_at).total_seconds() if claims.issued_at else 0.0
    return not -SKEW_SECONDS <= age <= BACKDATED_SECONDS + SKEW_SECONDS


def _texts(value: object) -> frozenset[str]:
    return frozenset(text for text in value if isinstance(text, str)) if isinstance(value, list) else frozenset()


def _text(data: Mapping[str, Any], *names: str) -> str:
    return next((data[name] for name in names if isinstance(data.get(name), str)), "")


def _moment(value: object) -> datetime | None:
    try:
        return datetime.fromtimestamp(value, UTC) if isinstance(value, int) else None
    except (ValueError, OverflowError, OSError):
        return None
