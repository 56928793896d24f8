"""Files of addresses."""

import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from configurator.accounts.actor import Actor
from configurator.console.exports.columns import field
from configurator.console.records.secrets import SecretChange
from imports.kinds.base import Differs, Errors, as_shown, as_typed, ids_of
from imports.kinds.bulk import ManyForm, ManyKind
from imports.kinds.lines import Line, Verdict
from imports.kinds.named import Named
from imports.kinds.ticks import read_ticks
from imports.models import ImportRow, Outcome
from imports.reading.columns import Columns
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
NO_ADDRESS = "Sender is a tick box and holds no address: enter Yes or No. The e-mail account itself sends."
CHOOSE_QUEUE = "Name the queue that the address is on: its Id, or its name as the list of Queues shows it."


class KnownServers(ServerChoiceField):
    """The E-Mail Server out of those that were looked up before; the messages are the same."""

    known: dict[str, IncomingServer] = {}

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        if str(value) not in self.known:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return self.known[str(value)]


class ManyAddressForm(ManyForm, AddressForm):
    """The form of an address, for one row after another: what its checks read was looked up for all of them before."""

    server = KnownServers(
        label="E-Mail Server",
        queryset=IncomingServer.objects.none(),
        error_messages={"required": CHOOSE_SERVER, "invalid_choice": CHOOSE_SERVER},
    )
    # The server was looked up before.
    left_to_service = AddressForm.left_to_service | {"server"}
    holder: Holder | None = None

    def refuse_duplicate(self, address: str) -> None:
        """Refuse what another queue was found to have."""
        refuse_holder(self.instance, self.holder)


class Addresses(ManyKind[QueueAddress]):
    key, label, named = "address", "Addresses of queues", "Address"
    right, model, form_class = "queue", QueueAddress, ManyAddressForm
    related = ("queue", "server", "password")
    labels, typed = LABELS, PLAIN
    texts, values = frozenset({"address", "account"}), ("address", "account")
    grave = {
        "queue": "The addresses move to another queue.",
        "password": "The stored passwords are deleted.",
        "server": "The mailboxes are read through another server.",
        "account": "Other mailbox folders are read.",
        "sender": "The accounts are no longer used as a sender.",
    }
    goes_too = "their stored passwords"
    columns = Columns(
        kept=tuple(dict.fromkeys(column.label for column in ADDRESS_EXPORT.own if column.label in KEPT)),
        passed=frozenset(column.label for column in ADDRESS_EXPORT.columns if column.label not in KEPT),
        needed=(("Id",), ("Address",)),
    )

    def __init__(self, actor: Actor) -> None:
        super().__init__(actor)
        self.taken: dict[str, Holder] = {}
        self.freed: set[str] = set()

    def look_up(self, lines: Sequence[Line]) -> None:
        keys = {key for line in lines if (key := canonical_address(line.text("Address"))) and "\x00" not in key}
        ids = {line.id for line in lines if line.id}
        found = QueueAddress.objects.whole().filter(Q(pk__in=ids) | Q(address_key__in=keys))
        self.by_id = {item.pk: item for item in found}
        self.by_key = {item.address_key: item for item in self.by_id.values()}
        self.queues: Named[Queue] = Named(Queue.objects.all(), lines, by_id="Queue Id", by_name="Queue")
        self.servers: Named[IncomingServer] = Named(
            IncomingServer.objects.all(), lines, by_id="E-Mail Server Id", by_name="E-Mail Server"
        )

    def stored(self, line: Line) -> QueueAddress | None:
        """Return the address that the row is about: only its Id takes it from one queue to another."""
        if line.id in self.by_id:
            return self.by_id[line.id]
        found = self.by_key.get(canonical_address(line.text("Address")))
        return found if found and (line.deletes or not self._elsewhere(found, line)) else None

    def _elsewhere(self, found: QueueAddress, line: Line) -> bool:
        """Tell whether the row names another queue than the one that the address is on."""
        with suppress(ValidationError):
            queue = self.queues.find(line)
            return queue is not None and queue != found.queue
        return False

    def may(self, verdict: Verdict, act: str) -> bool:
        """Tell whether the actor may modify queues, of which addresses are a part."""
        return super().may(verdict, "modify")

    def delete(self, verdict: Verdict, stored: QueueAddress) -> None:
        """Find what the deletion takes away, and let rows below have the address."""
        super().delete(verdict, stored)
        self.freed.add(stored.address_key)

    def save(self, verdict: Verdict, stored: QueueAddress | None) -> QueueAddress | None:
        """Find what the row sets or changes, and let no row below have the address."""
        row = super().save(verdict, stored)
        if row:
            self.taken[row.address_key] = _holder(row)
        return row

    def shown(self, row: QueueAddress) -> dict[str, str]:
        """Return what the address holds; the queue, which no field of the form is for, and the server by their keys."""
        return as_shown(row, PLAIN) | {"queue": as_typed(row.queue_id), "server": as_typed(row.server_id)}

    def read(self, line: Line, data: dict[str, str]) -> Errors:
        """Find queue and server; what names no server is left to the form, which says so."""
        errors: Errors = read_ticks(data, "sender")
        if errors and "@" in line.text(LABELS["sender"]):
            errors["sender"] = [NO_ADDRESS]
        if self.queues.is_named(line):
            self._find("queue", self.queues, line, data, errors)
        if not data["queue"]:
            errors.setdefault("queue", [CHOOSE_QUEUE])
        if "E-Mail Server" in line.values or "E-Mail Server Id" in line.values:
            self._find("server", self.servers, line, data, errors)
        return errors

    def _find(self, name: str, named: Named[Any], line: Line, data: dict[str, str], errors: Errors) -> None:
        try:
            found = named.find(line)
        except ValidationError as error:
            errors[name] = error.messages
        else:
            data[name] = str(found.pk) if found else ""

    def hold_form(self, row: QueueAddress, stored: QueueAddress | None, data: Mapping[str, str]) -> Errors:
        """Give the form the servers to choose from and the holder of the address, which it would query for."""
        queue = self.queues.get(data["queue"])
        if queue:
            row.queue = queue
        server = self.servers.get(data["server"]) or (stored.server if stored else None)
        hidden = not self.actor.may("incoming_server.view") and (stored is None or server != stored.server)
        self.form.fields["server"].known = {} if hidden or server is None else {str(server.pk): server}
        key = canonical_address(data["address"])
        known = None if key in self.freed else self.by_key.get(key)
        self.form.holder = self.taken.get(key) or (_holder(known) if known else None)
        return super().hold_form(row, stored, data)

    def hold_service(self, row: QueueAddress, stored: QueueAddress | None) -> None:
        """Raise what the service would raise about the stored password."""
        if stored and stored.password_id:
            SecretChange(row, "password", stored).apply(None, keep=not row.server.is_service, set_by="")

    def lock(self, rows: QuerySet[ImportRow]) -> None:
        """Lock the queues before and after, then the addresses."""
        pks = ids_of(rows)
        before = QueueAddress.objects.filter(pk__in=pks).values_list("queue_id", flat=True)
        after = rows.filter(after__queue__isnull=False).values_list("after__queue__id", flat=True)
        Queue.objects.lock_all({*before, *map(uuid.UUID, after)})
        QueueAddress.objects.lock_all(pks)

    def written(self, outcome: Outcome, rows: list[QueueAddress]) -> None:
        _place(rows)
        act = services.addresses_delete if outcome == Outcome.DELETED else services.addresses_save
        act(actor=self.actor, addresses=rows)


def _holder(row: QueueAddress) -> Holder:
    """Return the address as one that others may not have."""
    return Holder(row.pk, row.address, row.queue_id, row.queue.name)


def _place(addresses: Sequence[QueueAddress]) -> None:
    """Give the addresses the queues and servers that they name; Differs where one of them is deleted."""
    queues = Queue.objects.in_bulk({address.queue_id for address in addresses})
    servers = IncomingServer.objects.in_bulk({address.server_id for address in addresses})
    for address in addresses:
        queue, server = queues.get(address.queue_id), servers.get(address.server_id)
        if queue is None or server is None:
            raise Differs("Its queue or its server was deleted meanwhile.")
        address.queue, address.server = queue, server
