"""From a run's input to the row it checks, and from there to the engine's subject."""

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

# The fields that a check uses, without the secrets.
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
    """Return whether the row, as typed, signs in with the secret in its own field."""
    if isinstance(row, QueueAddress):
        return not row.server.is_service
    return row.is_service if isinstance(row, IncomingServer) else True


def rows_for(batch: Sequence[CheckRun]) -> dict[uuid.UUID, Any]:
    """Return by subject the rows of runs of one purpose, without deleted ones."""
    readers = {Purpose.TRIAL: typed_row, Purpose.DRY_RUN: moved_row, Purpose.NEXT_SECRET: switched_row}
    reader = readers.get(Purpose(batch[0].purpose))
    if reader is None:
        return stored_rows.stored_all(batch)
    runs = {run.pk: run for run in batch}
    servers: dict[str, Any] = {}
    found: dict[uuid.UUID, Any] = {}
    for run_input in RunInput.objects.filter(run__in=batch).select_related("secret", "password"):
        run_input.run = runs[run_input.run_id]
        row = reader(run_input, servers)
        if row is not None:
            found[run_input.run.subject_id] = row
    return found


def typed_row(run_input: RunInput, servers: dict[str, Any]) -> Any:
    """Return the row as typed, with the typed or the stored secret; None when its record or server was deleted."""
    [held] = serializers.deserialize("python", [run_input.values["row"]])
    row: Any = held.object
    stored = stored_rows.stored(run_input.run.kind, row.pk) if run_input.values["stored"] else None
    if run_input.values["stored"] and stored is None:
        return None
    if isinstance(row, QueueAddress):
        server = _server(str(row.server_id), servers)
        if server is None:
            return None
        row.server = server
    field = SECRET_FIELD[run_input.run.kind]
    sealed: SealedSecret | None = getattr(run_input, field) or getattr(stored, field, None)
    setattr(row, field, sealed if takes_secret(row) else None)
    return with_mailbox(row, run_input.values["mailbox"])


def with_mailbox(row: Any, mailbox: str) -> Any:
    """Return the row, or the address of ``mailbox`` where a server is checked with one."""
    if not mailbox:
        return row
    key = canonical_address(mailbox)
    known = QueueAddress.objects.filter(server=row.pk, address_key=key).select_related("password").first()
    address = known or QueueAddress(address=mailbox, account=mailbox)
    address.server = row
    return address


def moved_row(run_input: RunInput, servers: dict[str, Any]) -> QueueAddress | None:
    """Return the stored address with the server of the dry run."""
    server = _server(run_input.values["server"], servers)
    address = QueueAddress.objects.filter(pk=run_input.run.subject_id).first()
    if server is None or address is None:
        return None
    address.server = server
    return address


def switched_row(run_input: RunInput, _servers: dict[str, Any]) -> Any:
    """Return the server as a switch to its next secret would leave it; None when it has another one by now."""
    server = stored_rows.stored(run_input.run.kind, run_input.run.subject_id)
    same = server and str(server.next_secret_id) == run_input.values["sealed"]
    return after_switch(server) if same else None


def _server(pk: str, known: dict[str, Any]) -> Any:
    """Return the stored server, queried once for all that need it."""
    if pk not in known:
        known[pk] = stored_rows.stored(Kind.INCOMING, uuid.UUID(pk))
    return known[pk]


def act_of(run: CheckRun) -> Act:
    if run.purpose != Purpose.TEST_MAIL:
        return check.run
    values = RunInput.objects.get(run=run).values
    return partial(_send, values["sender"], values["recipient"])


def _send(sender: str, recipient: str, subject: Subject, gateway: Gateway, on_stage: check.OnStage) -> Outcome:
    return check.send_test_mail(subject, gateway, sender, recipient, on_stage)


def subject_for(run: CheckRun, row: Any, outgoing: Subject | None) -> Subject:
    """Return the engine's subject, with its secrets opened; SecretUnreadable when one cannot be."""
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
