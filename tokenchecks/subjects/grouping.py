"""What shares a cause: everything, or what signs in with one credential, or one mailbox.

The check that finds a failure writes this on the watch, with the queue and the server of an address, so that the start
page groups and counts by one index.
"""

import uuid
from enum import Enum
from typing import Final

from django.db.models import Case, CharField, Exists, Expression, OuterRef, Q, Value, When
from django.db.models.functions import Cast, Coalesce, Concat

from mailsettings.models import IncomingServer
from tokenchecks.engine.explain.catalogue import catalogue
from tokenchecks.models import Kind

TEXT: Final = CharField()


class Level(Enum):
    EVERYWHERE = "everywhere"
    SIGN_IN = "sign-in"
    MAILBOX = "mailbox"


# Microsoft, the network and this console are the same for everything that is checked.
EVERYWHERE: Final = frozenset({"network", "throttle", "transient", "internal"})
OF_ONE_MAILBOX: Final = frozenset({"account", "password", "licence", "access_policy", "federation"})
FIELDS_OF_A_MAILBOX: Final = frozenset({"account", "password", "sender", "mailbox"})
# Causes that reach farther or less far than most of their class.
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


def level_of(cause: str, class_: str) -> Level:
    known = catalogue().causes.get(cause)
    if class_ in EVERYWHERE or cause in OF_THE_CONSOLE:
        return Level.EVERYWHERE
    if class_ in OF_ONE_MAILBOX or (known and known.field in FIELDS_OF_A_MAILBOX):
        return Level.MAILBOX
    if class_ == "policy" and cause not in POLICIES_OF_ALL:
        return Level.MAILBOX
    return Level.MAILBOX if cause in CAUSES_OF_A_MAILBOX else Level.SIGN_IN


def scope_of(cause: str, class_: str) -> Expression:
    """Return a watch's scope for the cause, as an expression for the database.

    What signs in with one secret shares it, however many servers have it; what signs in as users shares its server.
    """
    level = level_of(cause, class_) if cause else Level.EVERYWHERE
    if level is Level.EVERYWHERE:
        return Value("")
    server = Concat(Value("server:"), Cast(Coalesce("server", "subject_id"), TEXT))
    if level is Level.MAILBOX:
        return server
    of_service = IncomingServer.objects.filter(pk=OuterRef("server"), authentication_type="oauth_service")
    as_user = Q(kind=Kind.ADDRESS) & ~Exists(of_service)
    return Case(
        When(as_user | Q(credential=""), then=server),
        default=Concat(Value("credential:"), "credential", output_field=TEXT),
    )


def server_scope(server_id: uuid.UUID) -> str:
    return f"server:{server_id}"


def server_of(scope: str) -> uuid.UUID | None:
    """Return the server that a scope names, None where it names none."""
    kind, _, pk = scope.partition(":")
    return uuid.UUID(pk.partition("/")[0]) if kind == "server" else None


def single_scope(wide: str, subject_id: uuid.UUID) -> str:
    """Return the scope of one mailbox within the server's scope ``wide``."""
    return f"{wide}/{subject_id.hex[:12]}"
