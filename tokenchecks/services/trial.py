"""Check before save: what is typed is checked and leaves no trace in history or audit log."""

import copy
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Now

from configurator.accounts.actor import Actor
from configurator.console.records.secrets import RETYPE, SecretChange
from configurator.db.locks import advisory_lock
from configurator.jobs.doorbell import notify_on_commit
from configurator.vault import services as vault
from configurator.vault.errors import SecretRefused
from configurator.vault.text import Secret
from mailsettings.models import IncomingServer
from queues.models import QueueAddress
from tokenchecks.models import CheckRun, Kind, Purpose, RunInput
from tokenchecks.subjects.inputs import SECRET_FIELD, as_values, takes_secret, with_mailbox
from tokenchecks.subjects.stored_rows import name_of
from tokenchecks.subjects.targets import client_id_of, credential_of

PER_MINUTE = 10


class TooManyTrials(Exception):
    """The person has reached the limit of trials per minute."""

    def __init__(self) -> None:
        super().__init__(
            f"You have checked {PER_MINUTE} times within a minute, and Microsoft may lock what is asked too often. "
            "Wait a minute, then press the button again: all you typed is still here."
        )


@transaction.atomic
def trial_begin(*, actor: Actor, row: Any, secrets: Mapping[str, Secret | None], mailbox: str = "") -> CheckRun:
    """Queue a check of the row as typed, which is saved nowhere; the typed ``secrets`` are sealed for it.

    A blank secret means the stored one. Raises PermissionDenied without the right to save the row, ValidationError on
    the field when the stored secret may not go where the row now points, and TooManyTrials.
    """
    actor.require(right_to_save(row))
    advisory_lock(f"trials of {actor.name}")
    recent = CheckRun.objects.filter(requested_at__gt=Now() - timedelta(minutes=1), requested_by=actor.name)
    if recent.filter(purpose=Purpose.TRIAL).count() >= PER_MINUTE:
        raise TooManyTrials
    row = copy.copy(row)  # the form goes on showing the stored values
    stored = None if row._state.adding else type(row)._default_manager.filter(pk=row.pk).first()
    run = CheckRun(kind=Kind(row.audit_kind), purpose=Purpose.TRIAL, requested_by=actor.name, subject_name=name_of(row))
    # Each trial is a subject of its own: two people may try the same record at once.
    run.subject_id = run.pk
    run_input = RunInput(run=run, values={"row": as_values(row), "stored": stored is not None, "mailbox": mailbox})
    field = SECRET_FIELD[run.kind]
    _give_secret(run_input, SecretChange(row, field, stored), secrets.get(field), actor)
    run.credential, run.client_id = credential_of(with_mailbox(row, mailbox)), client_id_of(row)
    run.save()
    run_input.save()
    notify_on_commit(run)
    return run


def right_to_save(row: Any) -> str:
    if isinstance(row, IncomingServer):
        return "incoming_server.create" if row._state.adding else "incoming_server.modify"
    return "queue.modify" if isinstance(row, QueueAddress) else "outgoing_server.modify"


def _give_secret(run_input: RunInput, change: SecretChange, secret: Secret | None, actor: Actor) -> None:
    """Seal what was typed for the run alone, or leave the row its stored secret; each goes only where it may."""
    row: Any = change.row
    if not takes_secret(row):
        setattr(row, change.field, None)
    elif secret:
        try:
            sealed = vault.put(secret=secret, context=run_input.context(change.field, row), set_by=actor.name)
        except SecretRefused as refused:
            raise ValidationError({change.field: str(refused)}) from refused
        setattr(run_input, change.field, sealed)
        setattr(row, change.field, sealed)
    elif not change.fits:
        raise ValidationError({change.field: RETYPE.format(row.goes_to)}, code="retype")
    else:
        setattr(row, change.field, change.old)
