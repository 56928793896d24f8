"""One address, one queue: a mailbox that two queues read would give each a part of its mail."""

from django.core.exceptions import ValidationError

from queues.models import QueueAddress
from queues.validators import canonical_address


def refuse_duplicate(address: QueueAddress, text: str) -> None:
    """Refuse an address that is on a queue already, in whatever spelling, and name that queue."""
    others = QueueAddress.objects.select_related("queue").filter(address_key=canonical_address(text))
    other = others.exclude(pk=address.pk).first()
    if other:
        where = "this queue" if other.queue_id == address.queue_id else f"the queue {other.queue.name}"
        raise ValidationError(
            f"{other.address} is already on {where}, and a mailbox is read once. Use another address, or delete it "
            "there.",
            code="duplicate_address",
        )
