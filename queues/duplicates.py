"""One address, one queue: a mailbox that two queues read would give each a part of its mail."""

import uuid
from typing import NamedTuple

from django.core.exceptions import ValidationError

from queues.models import QueueAddress
from queues.validators import canonical_address


class Holder(NamedTuple):
    """The address that is on a queue already, and that queue."""

    pk: uuid.UUID
    address: str
    queue_id: uuid.UUID
    queue_name: str


def refuse_duplicate(address: QueueAddress, text: str) -> None:
    """Refuse an address that is on a queue already, in whatever spelling, and name that queue."""
    others = QueueAddress.objects.filter(address_key=canonical_address(text)).exclude(pk=address.pk)
    other = others.values_list("pk", "address", "queue_id", "queue__name").first()
    refuse_holder(address, Holder(*other) if other else None)


def refuse_holder(address: QueueAddress, other: Holder | None) -> None:
    """Refuse the address where another one is that is the same, and name its queue."""
    if other and other.pk != address.pk:
        where = "this queue" if other.queue_id == address.queue_id else f"the queue {other.queue_name}"
        raise ValidationError(
            f"{other.address} is already on {where}, and a mailbox is read once. Use another address, or delete it "
            "there.",
            code="duplicate_address",
        )
