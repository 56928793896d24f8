"""What depends on a server: what a change of it does to its queue addresses, and what stops with its secret."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.template.defaultfilters import pluralize

from configurator.accounts.scope import WHOLE, Scope
from mailsettings.models import AuthenticationType, IncomingServer, days_until

NAMED = 5


@dataclass(frozen=True)
class Impact:
    """The queue addresses that a change breaks, and the message before it is saved."""

    addresses: list[Any]
    sentence: str = ""


NO_IMPACT = Impact([])


def impact_of(server: IncomingServer, kind: str, scope: Scope = WHOLE) -> Impact:
    """Return the impact of saving ``server`` as it is now with Authentication Type ``kind``; names are in the scope.

    With OAuth User each address needs a password of its own, given for this login address and tenant; with OAuth
    Service a stored password is of no use and is deleted.
    """
    planned = IncomingServer(
        pk=server.pk, authentication_type=kind, login_host=server.login_host, tenant_id=server.tenant_id
    )
    stored = IncomingServer.objects.get(pk=server.pk)
    suffering = [item for item in stored.addresses.whole() if _suffers(item, stored, planned)]
    if not suffering:
        return NO_IMPACT
    seen = [item for item in suffering if scope.holds(item.queue.group_id)]
    names = ", ".join(str(item) for item in seen[:NAMED])
    names += f" and {len(seen) - NAMED} more" if len(seen) > NAMED else ""
    if len(seen) < len(suffering):
        names = f"{names} and others" if names else "addresses on queues that you may not view"
    if kind == AuthenticationType.OAUTH_SERVICE:
        said = "This wipes the E-Mail Password of {}, since OAuth Service uses none. Tick to save it all the same."
    else:
        said = "This leaves {} without an E-Mail Password. Tick to save it all the same, then enter each password."
    return Impact(seen, said.format(names))


def _suffers(address: Any, stored: IncomingServer, planned: IncomingServer) -> bool:
    """Return whether the address loses a password or becomes incomplete; leave it on the planned server."""
    address.server = stored
    was_incomplete = address.incomplete
    address.server = planned
    password = address.password
    loses = bool(password) and (planned.is_service or not password.belongs_to(address.secret_context))
    return loses or (address.incomplete and not was_incomplete)


@dataclass(frozen=True)
class Use:
    queues: int = 0
    addresses: int = 0

    def __str__(self) -> str:
        queues = f"{self.queues:,} queue{pluralize(self.queues)}"
        return f"{queues} and {self.addresses:,} address{pluralize(self.addresses, 'es')}"


def stops(used: Use, ends_on: date | None, *, with_secret: bool, whole: bool) -> str:
    """Return what stops and when: with the secret, or by itself where each address has a password of its own.

    Unless the reader sees the ``whole``, it says that his own queues are meant.
    """
    left = days_until(ends_on)
    if not used.addresses:
        nothing = (
            "Nothing stops: no address of a queue" if whole else "None of your queues stops: none of their addresses"
        )
        return f"{nothing} is read through it."
    use = str(used) if whole else f"{used} of yours"
    if not with_secret:
        return f"There is no secret that ends: {use} sign in with a password of their own each."
    if left is None:
        return f"When the secret ends, {use} stop. Enter its date in Secret expires on, and you are warned before."
    if left < 0:
        return f"The secret ended on {ends_on}, and with it {use}, unless it was replaced in Entra."
    return f"On {ends_on} {use} stop, unless the secret is replaced before."
