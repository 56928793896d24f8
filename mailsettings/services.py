"""All writes to the mail servers; each makes one audit event in its transaction."""

import copy
from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from configurator.accounts.actor import Actor
from configurator.console.records.bulk import remove_all
from configurator.console.records.record import StaleVersion, remove, write
from configurator.console.records.secrets import SecretChange
from configurator.vault import services as vault
from configurator.vault.text import Secret
from mailsettings.models import IncomingServer, OutgoingServer
from mailsettings.models.slots import Slot
from mailsettings.rotation.slots import Server, carry_slots, discard_unheld


@transaction.atomic
def incoming_server_save(
    *, actor: Actor, server: IncomingServer, secret: Secret | None = None, version: int | None = None
) -> IncomingServer:
    """Create the server, or save it over the version the editor saw; a blank secret keeps the stored one.

    Raises PermissionDenied, StaleVersion, or ValidationError with the messages on their fields.
    """
    new = server._state.adding
    actor.require("incoming_server.create" if new else "incoming_server.modify")
    stored = None if new else IncomingServer.locked(server.pk, version)
    if secret and not server.is_service:
        raise ValidationError({"secret": "OAuth User takes no secret: the password stands on the queue's address."})
    if stored:
        # Lock order: the server, its addresses, then (by the write) the audit trail.
        list(stored.addresses.select_for_update().values_list("pk"))
    change = SecretChange(server, "secret", stored)
    change.apply(secret if server.is_service else None, keep=server.is_service, set_by=actor.name, hint=True)
    if not server.is_service:
        server.secret_expires_on = None
    _write_with_slots(actor, server, stored)
    return server


@transaction.atomic
def incoming_server_delete(*, actor: Actor, server: IncomingServer, version: int | None = None) -> None:
    """Delete the server and its secrets; ProtectedError when a queue's address still uses it."""
    actor.require("incoming_server.delete")
    stored = IncomingServer.locked(server.pk, version)
    held = stored.secrets
    remove(actor=actor, row=stored)
    for sealed in held:
        vault.discard(sealed)


@transaction.atomic
def incoming_servers_delete(*, actor: Actor, servers: Sequence[IncomingServer]) -> None:
    """Delete the servers and their secrets, as they were read; ProtectedError when an address still uses one."""
    actor.require("incoming_server.delete")
    stored = IncomingServer.locked_all(servers, "secret", "next_secret", "previous_secret")
    held = [sealed for server in stored.values() for sealed in server.secrets]
    remove_all(actor=actor, rows=list(stored.values()))
    vault.discard_all(held)


@transaction.atomic
def outgoing_server_save(
    *, actor: Actor, server: OutgoingServer, password: Secret | None = None, version: int | None = None
) -> OutgoingServer:
    """Save the one outgoing server; without a password the stored one stays.

    Raises PermissionDenied, StaleVersion, or ValidationError with the messages on their fields.
    """
    actor.require("outgoing_server.modify")
    found = OutgoingServer.objects.filter(pk=server.pk).exists()
    stored = OutgoingServer.locked(server.pk, version) if found else None
    if stored and server._state.adding:
        raise StaleVersion(stored)
    change = SecretChange(server, "password", stored)
    # A disabled server needs nothing; a password for another tenant or app is not kept for it either.
    keep = server.enabled or change.fits
    change.apply(password, keep=keep, set_by=actor.name, hint=True)
    if server.enabled and not server.password:
        raise ValidationError({"password": "An enabled server needs the client secret: enter it."})
    if not server.password:
        server.password_expires_on = None
    _write_with_slots(actor, server, stored)
    return server


def _write_with_slots(actor: Actor, server: Server, stored: Server | None) -> None:
    """Save the server with its next and previous secrets, and delete those that the save makes unusable."""
    if stored:
        carry_slots(server, stored)
    write(actor=actor, row=server, stored=stored)
    if stored:
        discard_unheld(server, stored)


@transaction.atomic
def set_secret_end_date(*, actor: Actor, server: Server, ends_on: date) -> None:
    """Replace the end date of the current secret, as typed, by Microsoft's."""
    stored = type(server).objects.select_for_update().filter(pk=server.pk).first()
    if stored and stored.current.sealed:
        row = copy.copy(stored)
        row.current = Slot(stored.current.sealed, ends_on)
        write(actor=actor, row=row, stored=stored)
