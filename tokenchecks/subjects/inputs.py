"""From what a run was told to the row it checks, and from there to what the check engine is told."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from django.core import serializers

from configurator.vault.models import SealedSecret
from configurator.vault.services import open_sealed
from mailsettings.models import IncomingServer
from mailsettings.rotation.services import after_switch
from queues.models import QueueAddress
from queues.validators import canonical_address
from tokenchecks.engine.microsoft.entra import Gateway
from tokenchecks.engine.results import Outcome
from tokenchecks.engine.stages import check
from tokenchecks.engine.subject import Subject
from tokenchecks.models import CheckRun, Kind, Purpose, RunInput
from tokenchecks.subjects import stored_rows

Act = Callable[[Subject, Gateway, check.OnStage], Outcome]

# What a check looks at, without the secrets.
FIELDS: dict[str, tuple[str, ...]] = {
    Kind.INCOMING: ("name", "login_host", "tenant_id", "authentication_type", "client_id", "secret_expires_on"),
    Kind.OUTGOING: ("enabled", "tenant", "port", "server_user", "password_expires_on"),
    Kind.ADDRESS: ("queue", "address", "account", "sender", "server"),
}
SECRET_FIELD: dict[str, str] = {Kind.INCOMING: "secret", Kind.OUTGOING: "password", Kind.ADDRESS: "password"}


def as_values(row: Any) -> dict[str, Any]:
    """Return the typed row as JSON that ``typed_row`` reads; it holds no secret."""
    values: dict[str, Any] = serializers.serialize("python", [row], fields=FIELDS[row.audit_kind])[0]
    return values


def takes_secret(row: Any) -> bool:
    """Tell whether the row, as it is typed, signs in with the secret in its own field."""
    if isinstance(row, QueueAddress):
        return not row.server.is_service
    return row.is_service if isinstance(row, IncomingServer) else True


def rows_for(batch: Sequence[CheckRun]) -> dict[uuid.UUID, Any]:
    """Return the rows that the runs of one purpose check, by subject; one that is gone is left out."""
    readers = {Purpose.TRIAL: typed_row, Purpose.DRY_RUN: moved_row, Purpose.NEXT_SECRET: switched_row}
    reader = readers.get(Purpose(batch[0].purpose))
    if reader is None:
        return stored_rows.stored_all(batch)
    runs = {run.pk: run for run in batch}
    servers: dict[str, Any] = {}
    found: dict[uuid.UUID, Any] = {}
    for told in RunInput.objects.filter(run__in=batch).select_related("secret", "password"):
        told.run = runs[told.run_id]
        row = reader(told, servers)
        if row is not None:
            found[told.run.subject_id] = row
    return found


def typed_row(told: RunInput, servers: dict[str, Any]) -> Any:
    """Return the row as it was typed, with the secret typed or stored; None when what it stands on is gone."""
    [held] = serializers.deserialize("python", [told.values["row"]])
    row: Any = held.object
    stored = stored_rows.stored(told.run.kind, row.pk) if told.values["stored"] else None
    if told.values["stored"] and stored is None:
        return None
    if isinstance(row, QueueAddress):
        server = _server(str(row.server_id), servers)
        if server is None:
            return None
        row.server = server
    field = SECRET_FIELD[told.run.kind]
    sealed: SealedSecret | None = getattr(told, field) or getattr(stored, field, None)
    setattr(row, field, sealed if takes_secret(row) else None)
    return with_mailbox(row, told.values["mailbox"])


def with_mailbox(row: Any, mailbox: str) -> Any:
    """Return the row, or for a server that is tried with a mailbox the address that is read through it."""
    if not mailbox:
        return row
    key = canonical_address(mailbox)
    known = QueueAddress.objects.filter(server=row.pk, address_key=key).select_related("password").first()
    address = known or QueueAddress(address=mailbox, account=mailbox)
    address.server = row
    return address


def moved_row(told: RunInput, servers: dict[str, Any]) -> QueueAddress | None:
    """Return the stored address as it would be on the server that the dry run was asked for with."""
    server = _server(told.values["server"], servers)
    address = QueueAddress.objects.filter(pk=told.run.subject_id).first()
    if server is None or address is None:
        return None
    address.server = server
    return address


def switched_row(told: RunInput, _servers: dict[str, Any]) -> Any:
    """Return the server as a switch to its next secret would leave it; None when that is another one by now."""
    server = stored_rows.stored(told.run.kind, told.run.subject_id)
    same = server and str(server.next_secret_id) == told.values["sealed"]
    return after_switch(server) if same else None


def _server(pk: str, known: dict[str, Any]) -> Any:
    """Return the stored server, read once for all that need it."""
    if pk not in known:
        known[pk] = stored_rows.stored(Kind.INCOMING, uuid.UUID(pk))
    return known[pk]


def act_of(run: CheckRun) -> Act:
    """Return what the engine does for the run."""
    if run.purpose != Purpose.TEST_MAIL:
        return check.run
    values = RunInput.objects.get(run=run).values
    return partial(_send, values["sender"], values["recipient"])


def _send(sender: str, recipient: str, subject: Subject, gateway: Gateway, on_stage: check.OnStage) -> Outcome:
    """Send a test mail."""
    return check.send_test_mail(subject, gateway, sender, recipient, on_stage)


def subject_for(run: CheckRun, row: Any, outgoing: Subject | None) -> Subject:
    """Return the engine's view of the row, with its secrets opened; SecretUnreadable when one cannot be."""
    subject = stored_rows.subject_of(Kind.ADDRESS if isinstance(row, QueueAddress) else run.kind, row, outgoing)
    if run.purpose != Purpose.TRIAL:
        return subject
    owner = row
    if run.kind == Kind.INCOMING and isinstance(row, QueueAddress):
        owner, subject = row.server, replace(subject, for_server=True)
    field = SECRET_FIELD[run.kind]
    sealed: SealedSecret | None = getattr(run.told, field)
    if sealed is None or not takes_secret(owner):
        return subject
    secret = open_sealed(sealed, run.told.context(field, owner))
    return replace(subject, password=secret) if run.kind == Kind.ADDRESS else replace(subject, secret=secret)
