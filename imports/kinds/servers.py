"""Files of incoming mail servers.

They are few, and much hangs on each: its secrets, and the passwords of its addresses. So each row goes through the form
and the service of the screen, and in the dry run is taken back.
"""

import copy
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError, QuerySet

from configurator.audit.models import AuditEvent
from configurator.audit.snapshots import changes, snapshot
from configurator.console.exports.columns import field
from configurator.console.records import removal_of
from imports.columns import Columns
from imports.kinds.base import Differs, Kind, Line, Verdict, as_guid, as_typed, deletes, ids_of, told, words
from imports.models import ImportRow, Outcome
from mailsettings.authority import parse_authority
from mailsettings.exports import INCOMING_EXPORT
from mailsettings.forms import IncomingServerForm
from mailsettings.models import AuthenticationType, IncomingServer
from mailsettings.services import incoming_server_delete, incoming_server_save
from queues.models import QueueAddress

TICK = "Needs a tick on its page"
PLAIN = ("name", "authentication_type", "client_id", "secret_expires_on")
LABELS: Final = (
    {"name": "Name", "address": "Address"}
    | {name: field(IncomingServer, name).label for name in PLAIN}
    | {"secret": "Secret", "confirm_impact": TICK, "confirm_wipe": TICK}
)
KEPT = ("Id", *(LABELS[name] for name in (*PLAIN, "address")))
TYPES: Final = words(AuthenticationType.choices)
NAMED = 5


class Servers(Kind):
    """Incoming mail servers."""

    key, label = "incoming_server", "Incoming mail servers"
    right, model = "incoming_server", IncomingServer
    labels = LABELS
    columns = Columns(
        kept=tuple(column.label for column in INCOMING_EXPORT.own if column.label in KEPT),
        passed=frozenset(column.label for column in INCOMING_EXPORT.columns if column.label not in KEPT),
        needed=(("Id",), ("Name", "Address", "Client ID")),
        guids=("Address", "Client ID"),
    )
    records_itself = True

    def judge(self, lines: Sequence[Line]) -> Iterator[Verdict]:
        """Try each line, and take it back."""
        for line in lines:
            verdict = Verdict(line, object_name=line.text("Name"))
            with transaction.atomic():
                self._do(verdict)
                transaction.set_rollback(True)
            yield verdict

    def apply(self, outcome: Outcome, rows: Sequence[ImportRow], lines: Mapping[int, Line]) -> list[AuditEvent]:
        """Do each row; Differs where it would do something else than the dry run said."""
        for row in rows:
            verdict = Verdict(lines[row.number], object_id=row.object_id)
            self._do(verdict)
            now = (verdict.outcome, verdict.version, verdict.before, verdict.after)
            if now != (row.outcome, row.version, row.before, row.after):
                why = verdict.errors[0][1] if verdict.errors else "it would do something else by now."
                raise Differs(f"Row {row.number}, {row.object_name}: {why}")
        return []

    def lock(self, rows: "QuerySet[ImportRow]") -> None:
        """Lock the servers, then their addresses."""
        pks = ids_of(rows)
        list(IncomingServer.objects.filter(pk__in=pks).select_for_update().order_by("pk").values_list("pk"))
        QueueAddress.objects.lock_all(addresses_of(pks))

    def _do(self, verdict: Verdict) -> None:
        """Save or delete what the row says, through the form and the service."""
        line = verdict.line
        try:
            stored = stored_of(line)
        except ValidationError as error:
            verdict.refuse("Name", error.messages[0])
            return
        if stored:
            verdict.object_id, verdict.version, verdict.object_name = stored.pk, stored.version, stored.name
        if self.misread(verdict) or (stored and not self.first_of(verdict, stored.pk)):
            return
        if deletes(line):
            if stored and self.may(verdict, "delete"):
                self._delete(verdict, stored)
        else:
            self._save(verdict, stored)

    def _delete(self, verdict: Verdict, stored: IncomingServer) -> None:
        """Delete the server, or say what uses it."""
        before = removal_of(actor=self.actor, row=stored).before or {}
        try:
            incoming_server_delete(actor=self.actor, server=stored, version=stored.version)
        except ProtectedError as error:
            users = sorted(map(str, error.protected_objects))
            names = ", ".join(users[:NAMED]) + (f" and {len(users) - NAMED} more" if len(users) > NAMED else "")
            verdict.refuse("Delete", f"It cannot be deleted while these use it: {names}.")
            return
        verdict.outcome, verdict.before = Outcome.DELETED, before

    def _save(self, verdict: Verdict, stored: IncomingServer | None) -> None:
        """Save the server, or say why not."""
        start = stored or IncomingServer(pk=verdict.object_id or verdict.line.id or uuid.uuid4())
        known, data = typed(start), entered(verdict.line, start)
        if stored and all(data[name].strip() == known[name] for name in known):
            return
        if not self.may(verdict, "modify" if stored else "create"):
            return
        form = IncomingServerForm(data, instance=copy.copy(start))
        if not form.is_valid():
            self.add(verdict, {name: [str(text) for text in texts] for name, texts in form.errors.items()})
            return
        row: IncomingServer = form.instance
        try:
            incoming_server_save(actor=self.actor, server=row, version=stored.version if stored else None)
        except ValidationError as error:
            self.add(verdict, told(error))
            return
        then, now = changes(snapshot(stored, row.audit_fields) if stored else {}, snapshot(row, row.audit_fields))
        if stored and not now:
            return
        verdict.outcome = Outcome.CHANGED if stored else Outcome.CREATED
        verdict.object_id, verdict.object_name, verdict.before, verdict.after = row.pk, row.name, then, now


def addresses_of(servers: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    """Return the addresses that are read through the servers."""
    return list(QueueAddress.objects.filter(server__in=servers).values_list("pk", flat=True))


def stored_of(line: Line) -> IncomingServer | None:
    """Return the server that the row is about: by its Id, or by Name, Address and Client ID together."""
    whole = IncomingServer.objects.select_related("secret", "next_secret", "previous_secret")
    found = whole.filter(pk=line.id).first() if line.id else None
    client = as_guid(line.text("Client ID"))
    if found or client is None or "\x00" in line.text("Name"):
        return found
    try:
        authority = parse_authority(line.text("Address"))
    except ValidationError:
        return None  # the form says what is wrong with it
    alike = whole.filter(
        name=line.text("Name"),
        login_host=authority.login_host,
        tenant_id=authority.tenant_id,
        client_id=client,
    )
    rows = list(alike[:2])
    if len(rows) > 1:
        raise ValidationError("More than one server has this Name, Address and Client ID. Enter the Id.")
    return rows[0] if rows else None


def typed(start: IncomingServer) -> dict[str, str]:
    """Return what is stored as the form shows it."""
    address = "" if start._state.adding else start.address
    return {name: as_typed(getattr(start, name)) for name in PLAIN} | {"address": address}


def entered(line: Line, start: IncomingServer) -> dict[str, str]:
    """Return what the row enters into the form over what is stored."""
    data = typed(start) | {
        name: line.values[LABELS[name]] for name in (*PLAIN, "address") if LABELS[name] in line.values
    }
    data["authentication_type"] = TYPES.get(data["authentication_type"].strip().casefold(), data["authentication_type"])
    return data | {"version": str(start.version)}
