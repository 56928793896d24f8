"""What becomes of a server's stored secrets when the server changes: kept, dropped, and in the end deleted."""

from collections.abc import Iterator

from configurator.vault import services as vault
from mailsettings.models import IncomingServer, OutgoingServer
from mailsettings.models.slots import EMPTY, Slot

Server = IncomingServer | OutgoingServer


def put_next(server: Server, slot: Slot = EMPTY) -> None:
    """Set the next secret, untested."""
    server.next = slot
    server.next_secret_tested_at = None


def drop_previous(server: Server) -> None:
    """Empty the slot of the previous secret."""
    server.previous = EMPTY
    server.previous_wiped_on = None


def carry_slots(server: Server, stored: Server) -> None:
    """Give the server that is being saved the stored next and previous secrets, except those lost by the save."""
    server.next, server.next_secret_tested_at = stored.next, stored.next_secret_tested_at
    server.previous, server.previous_wiped_on = stored.previous, stored.previous_wiped_on
    lost = list(lost_slots(server, stored))
    if "next" in lost:
        put_next(server)
    if "previous" in lost:
        drop_previous(server)


def lost_slots(server: Server, stored: Server) -> Iterator[str]:
    """Yield which of the stored next and previous secrets the server cannot use as it is being saved."""
    if stored.next.sealed and not server.may_use(stored.next):
        yield "next"
    if stored.previous.sealed and not server.may_use(stored.previous):
        yield "previous"


def discard_unheld(server: Server, stored: Server) -> None:
    """Delete the stored secrets that the saved server no longer points to."""
    for sealed in stored.secrets - server.secrets:
        vault.discard(sealed)
