"""Files of incoming mail servers.

They are few, and much hangs on each: its secrets, and the passwords of its addresses. So each row goes through the form
and the service of the screen, and in the dry run is rolled back.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError, QuerySet

from configurator import signs
from configurator.audit.models import AuditEvent
from configurator.console.exports.columns import field
from configurator.console.records.names import name_key, twin_notices
from configurator.console.records.record import removal_of
from imports.kinds.base import Differs, Errors, Kind, as_shown, ids_of, messages_of, words
from imports.kinds.lines import Line, Verdict, as_guid
from imports.kinds.other_servers import ENTER_OAUTH, is_other_address, is_other_type
from imports.models import ImportRow, Outcome
from imports.reading.columns import Columns
from mailsettings.exports import INCOMING_EXPORT
from mailsettings.forms import IncomingServerForm
from mailsettings.identifiers.authority import parse_authority
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


class Servers(Kind[IncomingServer]):
    key, label, named = "incoming_server", "Incoming mail servers", "Name"
    right, model = "incoming_server", IncomingServer
    labels, typed = LABELS, (*PLAIN, "address")
    columns = Columns(
        kept=tuple(column.label for column in INCOMING_EXPORT.own if column.label in KEPT),
        passed=frozenset(column.label for column in INCOMING_EXPORT.columns if column.label not in KEPT),
        needed=(("Id",), ("Name", "Address", "Client ID")),
        guids=("Address", "Client ID"),
    )
    texts, values = frozenset({"name", "address", "client_id"}), ("address", "client_id")
    grave = {
        "authentication_type": "The addresses on the servers sign in another way.",
        "login_host": "The servers sign in elsewhere.",
        "tenant_id": "The servers sign in to another tenant.",
        "client_id": "The servers sign in as another app.",
        "secret": "The stored secrets are deleted.",
        "next_secret": "The stored secrets are deleted.",
        "previous_secret": "The stored secrets are deleted.",
    }
    goes_too = "their secrets"
    records_itself = True

    def judge(self, lines: Sequence[Line]) -> Iterator[Verdict]:
        """Do each line, and roll it back."""
        for line in lines:
            verdict = Verdict(line, object_name=line.text("Name"))
            with transaction.atomic():
                self.decide(verdict)
                transaction.set_rollback(True)
            yield verdict

    def apply(self, outcome: Outcome, rows: Sequence[ImportRow], lines: Mapping[int, Line]) -> list[AuditEvent]:
        """Do each row; Differs where it would do something else than the dry run said."""
        for row in rows:
            verdict = Verdict(lines[row.number], object_id=row.object_id)
            self.decide(verdict)
            now = (verdict.outcome, verdict.version, verdict.before, verdict.after)
            if now != (row.outcome, row.version, row.before, row.after):
                why = verdict.errors[0][1] if verdict.errors else "it would do something else by now."
                raise Differs(f"Row {row.number}, {row.object_name}: {why}")
        return []

    def lock(self, rows: QuerySet[ImportRow]) -> None:
        """Lock the servers, then their addresses."""
        pks = ids_of(rows)
        list(IncomingServer.objects.filter(pk__in=pks).select_for_update().order_by("pk").values_list("pk"))
        QueueAddress.objects.lock_all(addresses_of(pks))

    def stored(self, line: Line) -> IncomingServer | None:
        """Return the server that the row is about: by its Id, or by Name, Address and Client ID together."""
        whole = IncomingServer.objects.select_related("secret", "next_secret", "previous_secret")
        found = whole.filter(pk=line.id).first() if line.id else None
        client = as_guid(line.text("Client ID"))
        name = line.name("Name")
        if found or client is None or "\x00" in name:
            return found
        try:
            authority = parse_authority(line.text("Address"))
        except ValidationError:
            return None  # the form says what is wrong with it
        candidates = whole.filter(
            name_key=name_key(name),
            login_host=authority.login_host,
            tenant_id=authority.tenant_id,
            client_id=client,
        )
        rows = [row for row in candidates if name in (row.name, signs.tidy(row.name))]
        if len(rows) > 1:
            raise ValidationError("More than one server has this Name, Address and Client ID. Enter the Id.")
        return rows[0] if rows else None

    def misread(self, verdict: Verdict) -> bool:
        """Refuse a server without OAuth too, by that alone: all that its form would say follows from it."""
        line = verdict.line
        if not super().misread(verdict) and not line.deletes:
            if is_other_type(line.text("Authentication Type")):
                verdict.refuse("Authentication Type", ENTER_OAUTH)
            elif is_other_address(line.text("Address")):
                verdict.refuse("Address", ENTER_OAUTH)
        return bool(verdict.errors)

    def delete(self, verdict: Verdict, stored: IncomingServer) -> None:
        """Delete the server, or say what uses it."""
        event = removal_of(actor=self.actor, row=stored)
        try:
            incoming_server_delete(actor=self.actor, server=stored, version=stored.version)
        except ProtectedError as error:
            users = sorted(map(str, error.protected_objects))
            names = ", ".join(users[:NAMED]) + (f" and {len(users) - NAMED} more" if len(users) > NAMED else "")
            verdict.refuse("Delete", f"It cannot be deleted while these use it: {names}.")
            return
        verdict.deletes(event)

    def shown(self, row: IncomingServer) -> dict[str, str]:
        return as_shown(row, PLAIN) | {"address": "" if row._state.adding else row.address}

    def read(self, line: Line, data: dict[str, str]) -> Errors:
        kind = data["authentication_type"]
        data["authentication_type"] = TYPES.get(signs.key(kind), kind)
        return {}

    def hold_form(self, row: IncomingServer, stored: IncomingServer | None, data: Mapping[str, str]) -> Errors:
        return messages_of(IncomingServerForm(data, instance=row).errors)

    def notes_on_signs(
        self, row: IncomingServer, stored: IncomingServer | None, data: Mapping[str, str]
    ) -> list[tuple[str, str]]:
        """Name the servers too whose name reads the same."""
        noted = super().notes_on_signs(row, stored, data)
        if stored and stored.name == row.name:
            return noted
        return noted + [("Name", said) for said in twin_notices(IncomingServer.objects.all(), row)]

    def hold_service(self, row: IncomingServer, stored: IncomingServer | None) -> None:
        incoming_server_save(actor=self.actor, server=row, version=stored.version if stored else None)


def addresses_of(servers: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    return list(QueueAddress.objects.filter(server__in=servers).values_list("pk", flat=True))
