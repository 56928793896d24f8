"""What belongs together: a cause stops either all, or what signs in alike, or one mailbox."""

import uuid
from enum import Enum
from typing import Final, NamedTuple, Protocol

from tokenchecks.engine.catalogue import catalogue
from tokenchecks.models import Kind


class Level(Enum):
    """How far a cause reaches."""

    EVERYWHERE = "everywhere"
    SIGN_IN = "sign-in"
    MAILBOX = "mailbox"


# Microsoft, the network and this console itself are the same for everything that is checked.
EVERYWHERE: Final = frozenset({"network", "throttle", "transient", "internal"})
OF_ONE_MAILBOX: Final = frozenset({"account", "password", "licence", "access_policy", "federation"})
FIELDS_OF_A_MAILBOX: Final = frozenset({"account", "password", "sender", "mailbox"})
# What reaches farther or less far than most of its class.
OF_THE_CONSOLE: Final = frozenset({"clock_skew"})
POLICIES_OF_ALL: Final = frozenset(
    {"policy_blocks_app", "tenant_policy", "security_defaults", "tenant_blocked", "tenant_restriction"}
)
CAUSES_OF_A_MAILBOX: Final = frozenset(
    {
        "domain_in_other_tenant",
        "impersonation_denied",
        "mail_token_refused",
        "mailbox_access_denied",
        "mailbox_not_connected",
        "mailbox_refused",
        "permission_denied",
        "send_as_denied",
        "send_refused",
    }
)


class Watched(Protocol):
    """What is asked of a watch."""

    kind: str
    subject_id: uuid.UUID
    cause: str
    error_class: str
    credential: str


class Place(NamedTuple):
    """Where an address hangs: its server, and whether that signs in as an app."""

    server_id: uuid.UUID
    is_service: bool


def level_of(cause: str, class_: str) -> Level:
    """Return how far the cause reaches."""
    known = catalogue().causes.get(cause)
    if class_ in EVERYWHERE or cause in OF_THE_CONSOLE:
        return Level.EVERYWHERE
    if class_ in OF_ONE_MAILBOX or (known and known.field in FIELDS_OF_A_MAILBOX):
        return Level.MAILBOX
    if class_ == "policy" and cause not in POLICIES_OF_ALL:
        return Level.MAILBOX
    return Level.MAILBOX if cause in CAUSES_OF_A_MAILBOX else Level.SIGN_IN


def scope_of(watch: Watched, place: Place | None) -> str:
    """Return what shares the watch's cause; ``place`` is known for an address alone.

    What signs in with one secret shares it, however many servers hold it; what signs in as users shares its server.
    """
    level = level_of(watch.cause, watch.error_class)
    if level is Level.EVERYWHERE:
        return ""
    is_service = place.is_service if place else bool(watch.credential)
    if level is Level.SIGN_IN and is_service:
        return f"credential:{watch.credential}"
    return server_scope(server_of(watch, place))


def server_of(watch: Watched, place: Place | None) -> uuid.UUID:
    """Return the server that the watch is of, or whose address it is of."""
    return place.server_id if place and watch.kind == Kind.ADDRESS else watch.subject_id


def server_scope(server_id: uuid.UUID) -> str:
    """Return the scope of all that hangs on a server."""
    return f"server:{server_id}"


def single_scope(wide: str, subject_id: uuid.UUID) -> str:
    """Return the scope of one mailbox among those of the server's scope ``wide``."""
    return f"{wide}/{subject_id.hex[:12]}"
