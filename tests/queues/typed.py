"""What a person types on the queue page, and what comes back."""

from typing import Any

from mailsettings.models import IncomingServer
from queues.forms import AddressForm, QueueForm
from queues.models import Queue, QueueAddress
from tests.rules import Place

QUEUE = {"name": "Support", "priority": "1", "queue_size": "-1", "pick_timeout_ms": "120000", "enabled": "on"}
ADDRESS = {"address": "support@contoso.example", "account": "support@contoso.example"}
PASSWORD = "corr3ct horse"


def queue_place(label: str, name: str) -> Place:
    """Return a field of the queue's blocks."""
    return Place("Queues", label, name)


def address_place(label: str, name: str) -> Place:
    """Return a field of the block Numbers/Addresses."""
    return Place("Queues: Numbers/Addresses", label, name)


def queue_form(**typed: Any) -> QueueForm:
    """Return the form of a new queue with these values in place of right ones."""
    return QueueForm(QUEUE | typed, instance=Queue())


def address_form(queue: Queue, on: IncomingServer, /, **typed: Any) -> AddressForm:
    """Return the form of a new address with these values in place of right ones."""
    return AddressForm(ADDRESS | {"server": str(on.pk)} | typed, instance=QueueAddress(queue=queue))
