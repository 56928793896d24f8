"""Files of addresses."""

import copy
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from configurator.accounts.actor import Actor
from configurator.audit.models import AuditEvent
from configurator.audit.services import collected
from configurator.audit.snapshots import changes, snapshot
from configurator.console.exports.columns import field
from configurator.console.records import removal_of
from configurator.console.secrets import SecretChange
from imports.columns import Columns
from imports.kinds.base import (
    Differs,
    Errors,
    Kind,
    Line,
    Verdict,
    as_typed,
    deletes,
    edited,
    hold_constraints,
    ids_of,
    rebound,
    told,
)
from imports.kinds.named import Named
from imports.models import ImportRow, Outcome
from mailsettings.models import IncomingServer
from queues import services
from queues.duplicates import Holder, refuse_holder
from queues.exports import ADDRESS_EXPORT
from queues.forms.address import CHOOSE_SERVER, AddressForm, ServerChoiceField
from queues.models import Queue, QueueAddress
from queues.validators import canonical_address

PLAIN = ("address", "priority", "extension_language", "account", "sender")
LABELS: Final = {name: field(QueueAddress, name).label for name in PLAIN} | {
    "queue": "Queue", "server": "E-Mail Server", "password": "E-Mail Password",
}  # fmt: skip
REFERENCES = ("Queue Id", "Queue", "E-Mail Server Id", "E-Mail Server")
KEPT = ("Id", *LABELS.values(), *REFERENCES)
BLANK: Final = QueueAddress()
CHOOSE_QUEUE = "Name the queue that the address is on: its Id, or its name as the list of Queues shows it."


class KnownServers(ServerChoiceField):
    """The E-Mail Server out of those that were looked up before; the messages are the same."""

    known: dict[str, IncomingServer] = {}

    def to_python(self, value: Any) -> Any:
        """Return the server."""
        if value in self.empty_values:
            return None
        if str(value) not in self.known:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return self.known[str(value)]


class ManyAddressForm(AddressForm):
    """The form of an address, for one after the other: what it asks the database was asked for all of them before."""

    server = KnownServers(
        label="E-Mail Server",
        queryset=IncomingServer.objects.none(),
        error_messages={"required": CHOOSE_SERVER, "invalid_choice": CHOOSE_SERVER},
    )
    # The server was looked up, and need not be asked for again.
    left_to_service = AddressForm.left_to_service | {"server"}
    holder: Holder | None = None

    def refuse_duplicate(self, address: str) -> None:
        """Refuse what another queue was found to have."""
        refuse_holder(self.instance, self.holder)

    def validate_unique(self) -> None:
        """Leave the database's own rules to one question for all rows."""


class Known:
    """What some hundred rows name, looked up in three questions."""

    def __init__(self, lines: Sequence[Line]) -> None:
        """Look up addresses, queues and servers."""
        keys = {key for line in lines if (key := key_of(line)) and "\x00" not in key}
        ids = {line.id for line in lines if line.id}
        stored = QueueAddress.objects.whole().filter(Q(pk__in=ids) | Q(address_key__in=keys))
        self.addresses = {item.pk: item for item in stored}
        self.by_key = {item.address_key: item for item in self.addresses.values()}
        self.queues: Named[Queue] = Named(Queue.objects.all(), lines, "Queue")
        self.servers: Named[IncomingServer] = Named(IncomingServer.objects.all(), lines, "E-Mail Server")

    def stored(self, line: Line) -> QueueAddress | None:
        """Return the address that the row is about: only its Id takes it from one queue to another."""
        found = self.addresses.get(line.id) if line.id else None
        if found or deletes(line):
            return found or self.by_key.get(key_of(line))
        found = self.by_key.get(key_of(line))
        return None if found and self._elsewhere(found, line) else found

    def _elsewhere(self, found: QueueAddress, line: Line) -> bool:
        """Tell whether the row names another queue than the one that the address is on."""
        with suppress(ValidationError):
            queue = self.queues.find(line)
            return queue is not None and queue != found.queue
        return False


def key_of(line: Line) -> str:
    """Return the form in which the row's address is compared, "" where it names none."""
    return canonical_address(line.text("Address")) if line.text("Address") else ""


class Addresses(Kind):
    """Addresses of queues."""

    key, label = "address", "Addresses of queues"
    right, model = "queue", QueueAddress
    labels = LABELS
    columns = Columns(
        kept=tuple(dict.fromkeys(column.label for column in ADDRESS_EXPORT.own if column.label in KEPT)),
        passed=frozenset(column.label for column in ADDRESS_EXPORT.columns if column.label not in KEPT),
        needed=(("Id",), ("Address",)),
    )

    def __init__(self, actor: Actor) -> None:
        """Begin with nothing taken and nothing freed by earlier rows."""
        super().__init__(actor)
        self.form = ManyAddressForm(instance=QueueAddress())
        self.taken: dict[str, Holder] = {}
        self.freed: set[str] = set()

    def judge(self, lines: Sequence[Line]) -> Iterator[Verdict]:
        """Give a verdict on each line, in their order."""
        known = Known(lines)
        judged = [self._judge(line, known) for line in lines]
        hold_constraints(judged)
        for verdict, _ in judged:
            yield verdict

    def _judge(self, line: Line, known: Known) -> tuple[Verdict, QueueAddress | None]:
        """Return the verdict, and the row to store where there is one."""
        stored, verdict = known.stored(line), Verdict(line, object_name=line.text("Address"))
        if stored:
            verdict.object_id, verdict.version, verdict.object_name = stored.pk, stored.version, str(stored)
        if self.misread(verdict) or (stored and not self.first_of(verdict, stored.pk)):
            return verdict, None
        if deletes(line):
            self._delete(verdict, stored)
            return verdict, None
        return verdict, self._save(verdict, stored, known)

    def _delete(self, verdict: Verdict, stored: QueueAddress | None) -> None:
        """Find what the deletion takes away; what is gone already stays so."""
        if stored and self.may(verdict, "modify"):
            verdict.outcome, verdict.before = Outcome.DELETED, removal_of(actor=self.actor, row=stored).before or {}
            self.freed.add(stored.address_key)

    def _save(self, verdict: Verdict, stored: QueueAddress | None, known: Known) -> QueueAddress | None:
        """Find what the row sets or changes."""
        line, found = verdict.line, Found(verdict.line, stored, known)
        if stored and not found.changes(stored):
            return None
        if not self.may(verdict, "modify"):
            return None
        row = copy.copy(stored) if stored else QueueAddress(pk=line.id or uuid.uuid4())
        if found.queue:
            row.queue = found.queue
        self._form(found, stored, known)
        errors = rebound(self.form, row, found.data) | found.errors
        if not errors and found.queue:
            errors = _service_rules(row, stored)
        if errors:
            self.add(verdict, errors)
            return None
        then, now = changes(snapshot(stored, row.audit_fields) if stored else {}, snapshot(row, row.audit_fields))
        if stored and not now:
            return None
        verdict.outcome = Outcome.CHANGED if stored else Outcome.CREATED
        verdict.object_id, verdict.object_name, verdict.before, verdict.after = row.pk, str(row), then, now
        self.taken[row.address_key] = Holder(row.pk, row.address, row.queue_id, row.queue.name)
        return row

    def _form(self, found: "Found", stored: QueueAddress | None, known: Known) -> None:
        """Tell the form what it would ask for: the servers to choose from, and who has the address already."""
        servers = {found.server} if found.server else set()
        if not self.actor.may("incoming_server.view"):
            servers &= {stored.server} if stored else set()
        chosen: Any = self.form.fields["server"]
        chosen.known = {str(server.pk): server for server in servers}
        key = canonical_address(found.data["address"])
        holder = None if key in self.freed else known.by_key.get(key)
        self.form.holder = self.taken.get(key) or (
            Holder(holder.pk, holder.address, holder.queue_id, holder.queue.name) if holder else None
        )

    def lock(self, rows: "QuerySet[ImportRow]") -> None:
        """Lock the queues before and after, then the addresses."""
        pks = ids_of(rows)
        before = QueueAddress.objects.filter(pk__in=pks).values_list("queue_id", flat=True)
        after = rows.filter(after__queue__isnull=False).values_list("after__queue__id", flat=True)
        Queue.objects.lock_all({*before, *map(uuid.UUID, after)})
        QueueAddress.objects.lock_all(pks)

    def apply(self, outcome: Outcome, rows: Sequence[ImportRow], lines: Mapping[int, Line]) -> list[AuditEvent]:
        """Save or delete the addresses."""
        act = services.addresses_delete if outcome == Outcome.DELETED else services.addresses_save
        addresses = edited(rows, QueueAddress, "queue", "server", "password")
        place(addresses)
        with collected() as events:
            act(actor=self.actor, addresses=addresses)
        return events


def place(addresses: Sequence[QueueAddress]) -> None:
    """Give the addresses the queues and servers that they name; Differs where one of them is deleted."""
    queues = Queue.objects.in_bulk({address.queue_id for address in addresses})
    servers = IncomingServer.objects.in_bulk({address.server_id for address in addresses})
    for address in addresses:
        queue, server = queues.get(address.queue_id), servers.get(address.server_id)
        if queue is None or server is None:
            raise Differs("Its queue or its server was deleted meanwhile.")
        address.queue, address.server = queue, server


class Found:
    """What a row enters into the form, what of it names nothing, and the queue, which no field of the form is for."""

    def __init__(self, line: Line, stored: QueueAddress | None, known: Known) -> None:
        """Take what the row says over what is stored."""
        start = stored or BLANK
        self.errors: Errors = {}
        self.data = {name: as_typed(getattr(start, name)) for name in PLAIN}
        self.data |= {name: line.values[LABELS[name]] for name in PLAIN if LABELS[name] in line.values}
        self.data["version"] = str(start.version)
        self.queue: Queue | None = stored.queue if stored else None
        self.server: IncomingServer | None = stored.server if stored else None
        self._find_queue(line, known)
        self._find_server(line, known)

    def _find_queue(self, line: Line, known: Known) -> None:
        """Find the queue, where the row names one."""
        if known.queues.is_named(line):
            try:
                self.queue = known.queues.find(line)
            except ValidationError as error:
                self.errors["queue"] = error.messages
                return
        if self.queue is None:
            self.errors["queue"] = [CHOOSE_QUEUE]

    def _find_server(self, line: Line, known: Known) -> None:
        """Find the server; what names none is left to the form, which says so."""
        text = str(self.server.pk) if self.server else ""
        if "E-Mail Server" in line.values or "E-Mail Server Id" in line.values:
            try:
                self.server = known.servers.find(line)
            except ValidationError as error:
                self.errors["server"] = error.messages
            named = line.text("E-Mail Server") or line.text("E-Mail Server Id")
            text = str(self.server.pk) if self.server else named
        self.data["server"] = text

    def changes(self, stored: QueueAddress) -> bool:
        """Tell whether the row says anything else than what is stored."""
        if self.errors or self.queue != stored.queue or self.data["server"] != str(stored.server_id):
            return True
        return any(self.data[name].strip() != as_typed(getattr(stored, name)) for name in PLAIN)


def _service_rules(row: QueueAddress, stored: QueueAddress | None) -> Errors:
    """Return what the service would say of the stored password."""
    if stored is None or not stored.password_id:
        return {}
    try:
        SecretChange(row, "password", stored).apply(None, keep=not row.server.is_service, set_by="")
    except ValidationError as error:
        return told(error)
    return {}
