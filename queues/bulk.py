"""Bulk actions on queues and addresses."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet

from configurator.accounts.actor import Actor
from configurator.console.bulk.actions import BulkAction, BulkList, RowPreview, Values, enter
from configurator.console.bulk.fields import ChangeField
from configurator.console.records.secrets import RETYPE
from mailsettings.models import IncomingServer
from queues import services
from queues.filters import AddressesOfQueue, QueueFilter
from queues.forms.bulk import (
    AddressLanguage,
    AddressPriority,
    AddressServer,
    QueueGroupOf,
    QueueLanguage,
    QueuePriority,
)
from queues.models import Queue, QueueAddress

NAMED = 3


class OfQueues(BulkAction):
    model = Queue

    def loaded(self, rows: QuerySet[Queue]) -> QuerySet[Queue]:
        """Load the group, which the audit log names."""
        return rows.select_related("group")

    def lock(self, pks: Collection[uuid.UUID], values: Values) -> None:
        list(Queue.objects.filter(pk__in=pks).select_for_update().order_by("pk").values_list("pk"))


class ChangeQueue(ChangeField, OfQueues):
    """Set a field of each queue."""

    rights = ("queue.modify",)

    def perform(self, actor: Actor, rows: Sequence[Queue], values: Values) -> None:
        self.give(rows, values)
        services.queues_save(actor=actor, queues=rows)


class ChangeQueuePriority(ChangeQueue):
    key, label, question = "change-priority", "Change priority", "Change the priority of {}"
    field, column, form_class = "priority", "Priority", QueuePriority

    def shown(self, row: Queue) -> str:
        return str(row.priority)


class ChangeQueueLanguage(ChangeQueue):
    key, label, question = "change-language", "Change language", "Change the language of {}"
    field, column, form_class = "language", "Queue Language", QueueLanguage

    def shown(self, row: Queue) -> str:
        return _inherited(row.effective_language, own="this queue")


class ChangeQueueGroup(ChangeQueue):
    key, label, question = "change-group", "Change queue group", "Change the queue group of {}"
    field, column, form_class = "group", "Queue Group", QueueGroupOf
    whole = True

    def shown(self, row: Queue) -> str:
        return str(row.group or "None")


class Enable(ChangeQueue):
    key, label, question, done = "enable", "Enable", "Enable {}", "Enabled"
    field, column = "enabled", "Enabled"

    def value(self, values: Values) -> bool:
        return True

    def shown(self, row: Queue) -> str:
        return "Yes" if row.enabled else "No"


class Disable(Enable):
    key, label, question, done = "disable", "Disable", "Disable {}", "Disabled"

    def value(self, values: Values) -> bool:
        return False


class DeleteQueues(OfQueues):
    key, label, question = "delete", "Delete", "Delete {}"
    ahead, done = "Will be deleted", "Deleted"
    column, rights, danger = "What goes with it", ("queue.delete",), True

    def lock(self, pks: Collection[uuid.UUID], values: Values) -> None:
        """Lock the queues, then their addresses."""
        super().lock(pks, values)
        list(QueueAddress.objects.filter(queue__in=pks).select_for_update(of=("self",)).values_list("pk"))

    def preview(self, actor: Actor, rows: Sequence[Queue], values: Values) -> list[RowPreview]:
        """Name the addresses that are deleted too."""
        of_queue: dict[uuid.UUID, list[str]] = defaultdict(list)
        addresses = QueueAddress.objects.filter(queue__in=[row.pk for row in rows])
        for queue, address in addresses.values_list("queue", "address"):
            of_queue[queue].append(address)
        return [RowPreview(_held(row, of_queue[row.pk]), "Deleted") for row in rows]

    def perform(self, actor: Actor, rows: Sequence[Queue], values: Values) -> None:
        services.queues_delete(actor=actor, queues=rows)


class OfAddresses(BulkAction):
    model = QueueAddress
    rights: ClassVar[tuple[str, ...]] = ("queue.modify",)

    def loaded(self, rows: QuerySet[QueueAddress]) -> QuerySet[QueueAddress]:
        """Load queue, server and what is known of the password."""
        return rows.select_related("queue", "server", "password")

    def lock(self, pks: Collection[uuid.UUID], values: Values) -> None:
        """Lock their queues, then the addresses."""
        self.lock_queues(pks)
        super().lock(pks, values)

    def lock_queues(self, pks: Collection[uuid.UUID]) -> None:
        """Lock the queues of the addresses."""
        Queue.objects.lock_all(set(QueueAddress.objects.filter(pk__in=pks).values_list("queue_id", flat=True)))


class ChangeAddress(ChangeField, OfAddresses):
    def perform(self, actor: Actor, rows: Sequence[QueueAddress], values: Values) -> None:
        """Save the addresses; the rules of the server decide whether a password stays."""
        self.give(rows, values)
        services.addresses_save(actor=actor, addresses=rows)


class ChangeServer(ChangeAddress):
    key, label, question = "change-server", "Change server", "Change the server of {}"
    field, column, form_class, extra_template = "server", "E-Mail Server", AddressServer, "queues/server_window.html"
    rights = ("queue.modify", "incoming_server.view")

    def lock(self, pks: Collection[uuid.UUID], values: Values) -> None:
        """Lock the queues, the new server, then the addresses."""
        self.lock_queues(pks)
        list(IncomingServer.objects.filter(pk=values["server"].pk).select_for_update(no_key=True).values_list("pk"))
        super(OfAddresses, self).lock(pks, values)

    def shown(self, row: QueueAddress) -> str:
        """Return the server by name and address, and what becomes of a password that it does not use."""
        server = f"{row.server.name} – {row.server.address}"
        wiped = row.password_id and row.server.is_service
        return f"{server}; the stored password is wiped" if wiped else server

    def refused(self, row: QueueAddress) -> str:
        """Apply the rules of OAuth User: a password, and one that was given for this server."""
        if row.server.is_service:
            return ""
        if row.password is None:
            return "OAuth User needs the password of the account: change the server on the address itself."
        return "" if row.password.belongs_to(row.secret_context) else RETYPE.format(row.goes_to)


class ChangeAddressPriority(ChangeAddress):
    key, label, question = "change-priority", "Change priority", "Change the priority of {}"
    field, column, form_class = "priority", "Priority", AddressPriority

    def shown(self, row: QueueAddress) -> str:
        return _inherited(row.effective_priority, own="this address")


class ChangeAddressLanguage(ChangeAddress):
    key, label, question = "change-language", "Change language", "Change the language of {}"
    field, column, form_class = "extension_language", "Extension Language", AddressLanguage

    def shown(self, row: QueueAddress) -> str:
        return _inherited(row.effective_language, own="this address")


class DeleteAddresses(OfAddresses):
    key, label, question = "delete", "Delete", "Delete {}"
    ahead, done = "Will be deleted", "Deleted"
    column, danger = "What goes with it", True

    def preview(self, actor: Actor, rows: Sequence[QueueAddress], values: Values) -> list[RowPreview]:
        """Return for each whether a password is deleted too."""
        return [RowPreview("its stored password" if row.password_id else "nothing else", "Deleted") for row in rows]

    def perform(self, actor: Actor, rows: Sequence[QueueAddress], values: Values) -> None:
        services.addresses_delete(actor=actor, addresses=rows)


def _inherited(effective: Any, *, own: str) -> str:
    """Return the value, and where it comes from if it is not the row's own."""
    value = effective.words or str(effective.value)
    return value if effective.origin == own else f"{value} from {effective.origin}"


def _held(queue: Queue, addresses: list[str]) -> str:
    """Return what is deleted with the queue, and whether it is still in use."""
    more = len(addresses) - NAMED
    named = ", ".join(addresses[:NAMED]) + (f" and {more} more" if more > 0 else "")
    held = named or "no address"
    return f"{held}; still enabled" if queue.enabled else held


QUEUES = BulkList("queues", Queue, QueueFilter, "queue.view", "queues:queue_list", ("queue", "queues"))
ADDRESSES_OF_QUEUE = BulkList(
    "addresses-of-queue",
    QueueAddress,
    AddressesOfQueue,
    "queue.view",
    "queues:queue_list",
    ("address", "addresses"),
)
enter(ChangeQueuePriority(), ChangeQueueLanguage(), ChangeQueueGroup(), Enable(), Disable(), DeleteQueues())
enter(ChangeServer(), ChangeAddressPriority(), ChangeAddressLanguage(), DeleteAddresses())
