"""What can be done with many queues or addresses at once."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet

from configurator.accounts.actor import Actor
from configurator.console.bulk.actions import BulkAction, BulkList, Foreseen, Values, enter
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
    """An action on queues."""

    model = Queue

    def loaded(self, rows: QuerySet[Queue]) -> QuerySet[Queue]:
        """Load the group, which the trail names."""
        return rows.select_related("group")

    def lock(self, pks: Collection[uuid.UUID], values: Values) -> None:
        """Lock the queues."""
        list(Queue.objects.filter(pk__in=pks).select_for_update().order_by("pk").values_list("pk"))


class ChangeQueue(ChangeField, OfQueues):
    """Give a field of each queue a value."""

    rights = ("queue.modify",)

    def perform(self, actor: Actor, rows: Sequence[Queue], values: Values) -> None:
        """Save the queues."""
        self.give(rows, values)
        services.queues_save(actor=actor, queues=rows)


class ChangeQueuePriority(ChangeQueue):
    """Change priority."""

    key, label, question = "change-priority", "Change priority", "Change the priority of {}"
    field, column, form_class = "priority", "Priority", QueuePriority

    def shown(self, row: Queue) -> str:
        """Return the priority."""
        return str(row.priority)


class ChangeQueueLanguage(ChangeQueue):
    """Change language."""

    key, label, question = "change-language", "Change language", "Change the language of {}"
    field, column, form_class = "language", "Queue Language", QueueLanguage

    def shown(self, row: Queue) -> str:
        """Return the language that counts."""
        return _inherited(row.effective_language, own="this queue")


class ChangeQueueGroup(ChangeQueue):
    """Change queue group."""

    key, label, question = "change-group", "Change queue group", "Change the queue group of {}"
    field, column, form_class = "group", "Queue Group", QueueGroupOf
    whole = True

    def shown(self, row: Queue) -> str:
        """Return the group."""
        return str(row.group or "None")


class Enable(ChangeQueue):
    """Enable."""

    key, label, question, done = "enable", "Enable", "Enable {}", "Enabled"
    field, column = "enabled", "Enabled"

    def value(self, values: Values) -> bool:
        """Return Yes."""
        return True

    def shown(self, row: Queue) -> str:
        """Return whether it is enabled."""
        return "Yes" if row.enabled else "No"


class Disable(Enable):
    """Disable."""

    key, label, question, done = "disable", "Disable", "Disable {}", "Disabled"

    def value(self, values: Values) -> bool:
        """Return No."""
        return False


class DeleteQueues(OfQueues):
    """Delete."""

    key, label, question = "delete", "Delete", "Delete {}"
    ahead, done = "Will be deleted", "Deleted"
    column, rights, danger = "What goes with it", ("queue.delete",), True

    def lock(self, pks: Collection[uuid.UUID], values: Values) -> None:
        """Lock the queues, then their addresses."""
        super().lock(pks, values)
        list(QueueAddress.objects.filter(queue__in=pks).select_for_update(of=("self",)).values_list("pk"))

    def foresee(self, actor: Actor, rows: Sequence[Queue], values: Values) -> list[Foreseen]:
        """Name the addresses that go too."""
        of_queue: dict[uuid.UUID, list[str]] = defaultdict(list)
        addresses = QueueAddress.objects.filter(queue__in=[row.pk for row in rows])
        for queue, address in addresses.values_list("queue", "address"):
            of_queue[queue].append(address)
        return [Foreseen(_held(row, of_queue[row.pk]), "Deleted") for row in rows]

    def perform(self, actor: Actor, rows: Sequence[Queue], values: Values) -> None:
        """Delete the queues with their addresses."""
        services.queues_delete(actor=actor, queues=rows)


class OfAddresses(BulkAction):
    """An action on addresses."""

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
    """Give a field of each address a value."""

    def perform(self, actor: Actor, rows: Sequence[QueueAddress], values: Values) -> None:
        """Save the addresses; a password stays or goes as the rules of the server say."""
        self.give(rows, values)
        services.addresses_save(actor=actor, addresses=rows)


class ChangeServer(ChangeAddress):
    """Change server."""

    key, label, question = "change-server", "Change server", "Change the server of {}"
    field, column, form_class, beside = "server", "E-Mail Server", AddressServer, "queues/server_window.html"
    rights = ("queue.modify", "incoming_server.view")

    def lock(self, pks: Collection[uuid.UUID], values: Values) -> None:
        """Lock the queues, the new server, then the addresses."""
        self.lock_queues(pks)
        list(IncomingServer.objects.filter(pk=values["server"].pk).select_for_update(no_key=True).values_list("pk"))
        super(OfAddresses, self).lock(pks, values)

    def shown(self, row: QueueAddress) -> str:
        """Return the server by name and address, and what becomes of a password that it does not take."""
        server = f"{row.server.name} – {row.server.address}"
        wiped = row.password_id and row.server.is_service
        return f"{server}; the stored password is wiped" if wiped else server

    def refused(self, row: QueueAddress) -> str:
        """Hold the rules of OAuth User: a password, and one that was given for this server."""
        if row.server.is_service:
            return ""
        if row.password is None:
            return "OAuth User needs the password of the account: change the server on the address itself."
        return "" if row.password.belongs_to(row.secret_context) else RETYPE.format(row.goes_to)


class ChangeAddressPriority(ChangeAddress):
    """Change priority."""

    key, label, question = "change-priority", "Change priority", "Change the priority of {}"
    field, column, form_class = "priority", "Priority", AddressPriority

    def shown(self, row: QueueAddress) -> str:
        """Return the priority that counts."""
        return _inherited(row.effective_priority, own="this address")


class ChangeAddressLanguage(ChangeAddress):
    """Change language."""

    key, label, question = "change-language", "Change language", "Change the language of {}"
    field, column, form_class = "extension_language", "Extension Language", AddressLanguage

    def shown(self, row: QueueAddress) -> str:
        """Return the language that counts."""
        return _inherited(row.effective_language, own="this address")


class DeleteAddresses(OfAddresses):
    """Delete."""

    key, label, question = "delete", "Delete", "Delete {}"
    ahead, done = "Will be deleted", "Deleted"
    column, danger = "What goes with it", True

    def foresee(self, actor: Actor, rows: Sequence[QueueAddress], values: Values) -> list[Foreseen]:
        """Say of each whether a password goes too."""
        return [Foreseen("its stored password" if row.password_id else "nothing else", "Deleted") for row in rows]

    def perform(self, actor: Actor, rows: Sequence[QueueAddress], values: Values) -> None:
        """Delete the addresses and their passwords."""
        services.addresses_delete(actor=actor, addresses=rows)


def _inherited(effective: Any, *, own: str) -> str:
    """Return the value, and where it comes from where it is not the row's own."""
    value = effective.words or str(effective.value)
    return value if effective.origin == own else f"{value} from {effective.origin}"


def _held(queue: Queue, addresses: list[str]) -> str:
    """Say what goes with the queue, and whether it is still in use."""
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
