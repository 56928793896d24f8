"""Servers with secrets in their slots, and what stands in which."""

from datetime import date, timedelta

from django.utils import timezone

from configurator.vault.services import open_sealed
from configurator.vault.text import Secret
from mailsettings.models import IncomingServer, OutgoingServer
from mailsettings.models.slots import Slot
from mailsettings.rotation import services as rotation
from mailsettings.rotation.slots import Server
from tests.people import ACTOR, incoming, outgoing

FIRST = "first~secret~of~the~app~with~40~characters"
SECOND = "second~secret~of~the~app~with~40~characters"
THIRD = "third~secret~of~the~app~with~40~characters"
KINDS = ("incoming", "outgoing")


def server_of(kind: str) -> Server:
    """Store a server of that kind whose secret in use is FIRST."""
    return incoming(secret=FIRST) if kind == "incoming" else outgoing(secret=FIRST)


def with_next(server: Server, text: str = SECOND, expires_on: date | None = None) -> Server:
    """Enter the next secret."""
    return rotation.next_secret_set(actor=ACTOR, server=server, secret=Secret(text), expires_on=expires_on)


def switched(server: Server) -> Server:
    """Enter SECOND as the next secret and switch to it."""
    return rotation.secret_switch(actor=ACTOR, server=with_next(server))


def again(server: Server) -> Server:
    """Return the server as it is stored."""
    return type(server).objects.get(pk=server.pk)


def texts(server: Server) -> tuple[str, str, str]:
    """Return the texts of the current, the next and the previous secret as they are stored."""
    stored = again(server)
    return text(stored, stored.current), text(stored, stored.next), text(stored, stored.previous)


def text(server: IncomingServer | OutgoingServer, slot: Slot) -> str:
    """Return the text of the secret in the slot, "" when it is empty."""
    return open_sealed(slot.sealed, server.secret_context).reveal() if slot.sealed else ""


def day(days: int) -> date:
    """Return the day so many days from today."""
    return timezone.localdate() + timedelta(days=days)
