"""The rotation of a server's client secret: entered as the next one, switched, rolled back, deleted.

Each action is one transaction with one audit event, and raises PermissionDenied, StaleVersion, or ValidationError with
what to do.
"""

import copy
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from configurator.accounts.actor import Actor
from configurator.audit.choices import Action
from configurator.console.records.record import write
from configurator.console.records.secrets import SecretChange
from configurator.vault.text import Secret
from mailsettings.models import IncomingServer, OutgoingServer
from mailsettings.models.slots import EMPTY
from mailsettings.rotation.slots import Server, discard_unheld, drop_previous, put_next

KEPT_FOR = timedelta(days=7)
NO_CURRENT = (
    "No secret is in use that a next one could follow. OAuth User takes none; else enter the current one first."
)
NO_NEXT = "There is no next secret: enter it first."
NO_PREVIOUS = "There is no previous secret: it was wiped, or the secret was never switched."
NEXT_IN_THE_WAY = "A next secret is entered, and rolling back needs its place: discard it or switch to it first."

AnyServer = TypeVar("AnyServer", bound=Server)


@transaction.atomic
def next_secret_set(
    *, actor: Actor, server: Server, secret: Secret, expires_on: date | None = None, version: int | None = None
) -> Server:
    """Enter the next secret; an earlier next one is deleted."""
    stored, row = _opened(actor, server, version)
    if not stored.current.sealed:
        raise ValidationError({"next_secret": NO_CURRENT})
    put_next(row)
    SecretChange(row, "next_secret", stored).apply(secret, keep=False, set_by=actor.name, hint=True)
    row.next_secret_expires_on = expires_on
    return _saved(actor, row, stored)


@transaction.atomic
def next_secret_discard(*, actor: Actor, server: Server, version: int | None = None) -> Server:
    stored, row = _opened(actor, server, version)
    if not stored.next.sealed:
        raise ValidationError(NO_NEXT)
    put_next(row)
    return _saved(actor, row, stored)


@transaction.atomic
def secret_switch(*, actor: Actor, server: Server, wipe_on: date | None = None, version: int | None = None) -> Server:
    """Use the next secret from now on and keep the current one until ``wipe_on``, a week by default, for a rollback.

    ``wipe_on`` of today or before deletes it at once. An older previous secret is deleted in any case.
    """
    stored, row = _opened(actor, server, version)
    if not stored.next.sealed:
        raise ValidationError(NO_NEXT)
    today = timezone.localdate()
    row.current, row.previous, row.previous_wiped_on = stored.next, stored.current, wipe_on or today + KEPT_FOR
    put_next(row)
    if row.previous_wiped_on <= today:
        drop_previous(row)
    return _saved(actor, row, stored, Action.SWITCHED)


@transaction.atomic
def secret_roll_back(*, actor: Actor, server: Server, version: int | None = None) -> Server:
    """Use the previous secret again; the one in use until now becomes the next, so that nothing is lost."""
    stored, row = _opened(actor, server, version)
    if not stored.previous.sealed:
        raise ValidationError(NO_PREVIOUS)
    if stored.next.sealed:
        raise ValidationError(NEXT_IN_THE_WAY)
    row.current = stored.previous
    put_next(row, stored.current)
    drop_previous(row)
    return _saved(actor, row, stored, Action.ROLLED_BACK)


@transaction.atomic
def previous_secret_wipe(*, actor: Actor, server: Server, version: int | None = None) -> Server:
    """Delete the previous secret before its day."""
    stored, row = _opened(actor, server, version)
    if not stored.previous.sealed:
        raise ValidationError(NO_PREVIOUS)
    drop_previous(row)
    return _saved(actor, row, stored, Action.WIPED)


def secrets_wipe_due() -> int:
    """Delete each previous secret whose day has come; return how many. May run twice at once."""
    actor, due = Actor.system("wipe_due_secrets"), {"previous_wiped_on__lte": timezone.localdate()}
    wiped = 0
    for model in (IncomingServer, OutgoingServer):
        for pk in model.objects.filter(**due).values_list("pk", flat=True):
            with transaction.atomic():
                # Checked again under the lock: somebody may have switched, rolled back or deleted meanwhile.
                server = model.objects.select_for_update().filter(pk=pk, **due).first()
                if server:
                    previous_secret_wipe(actor=actor, server=server)
                    wiped += 1
    return wiped


def next_secret_passed(server: Server) -> None:
    """Store that Microsoft accepted the next secret that ``server`` holds, unless it was replaced since."""
    _note_tested(server, timezone.now())


def next_secret_refused(server: Server) -> None:
    """Store that Microsoft has not accepted the next secret that ``server`` holds."""
    _note_tested(server, None)


def _note_tested(server: Server, at: datetime | None) -> None:
    held = type(server).objects.filter(pk=server.pk, next_secret=server.next_secret_id, next_secret__isnull=False)
    held.update(next_secret_tested_at=at)


def after_switch(server: AnyServer) -> AnyServer:
    """Return an unsaved copy of the server as a switch to its next secret would leave it, for a test of it."""
    switched = copy.copy(server)
    switched.current = server.next
    switched.next = EMPTY
    return switched


def _opened(actor: Actor, server: Server, version: int | None) -> tuple[Server, Server]:
    """Return the locked row as it is stored, and a copy to change."""
    actor.require(f"{server.audit_kind}.modify")
    stored = type(server).locked(server.pk, version)
    return stored, copy.copy(stored)


def _saved(actor: Actor, row: Server, stored: Server, action: Action = Action.CHANGED) -> Server:
    """Write the row, then delete the secrets that it no longer has."""
    write(actor=actor, row=row, stored=stored, action=action)
    discard_unheld(row, stored)
    return row
