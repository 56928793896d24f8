"""One address, one queue: a mailbox that two queues read would give each a part of its mail."""

import uuid
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.core.exceptions import ValidationError

from configurator.accounts.scope import WHOLE, Scope
from queues.models import QueueAddress
from queues.validators import canonical_address

ELSEWHERE = "This address cannot be used here. Use another one, or ask whoever sees all queues."


class Holder(NamedTuple):
    """An address that is on a queue already, and that queue."""

    pk: uuid.UUID
    address: str
    queue_id: uuid.UUID
    queue_name: str
    group_id: uuid.UUID | None = None


def holders_of(texts: Iterable[str]) -> dict[str, Holder]:
    """Return who has these addresses, in any spelling, by their canonical form; one query."""
    found = QueueAddress.objects.filter(address_key__in={canonical_address(text) for text in texts})
    rows = found.values_list("address_key", "pk", "address", "queue_id", "queue__name", "queue__group")
    return {key: Holder(pk, address, queue, name, group) for key, pk, address, queue, name, group in rows}


def refuse_duplicate(address: QueueAddress, text: str, scope: Scope = WHOLE) -> None:
    """Refuse an address that is on a queue already, in any spelling, and name that queue if it is in the scope."""
    refuse_holder(address, holders_of([text]).get(canonical_address(text)), scope)


def refuse_duplicates(addresses: Sequence[QueueAddress], scope: Scope = WHOLE) -> None:
    """Refuse the first address that is on a queue already, on its field."""
    holders = holders_of(address.address for address in addresses)
    for address in addresses:
        try:
            refuse_holder(address, holders.get(canonical_address(address.address)), scope)
        except ValidationError as error:
            raise ValidationError({"address": error}) from error


def refuse_holder(address: QueueAddress, other: Holder | None, scope: Scope = WHOLE) -> None:
    """Refuse the address where another is the same, and name its queue if that is within the scope."""
    if other and other.pk != address.pk and not scope.holds(other.group_id):
        raise ValidationError(ELSEWHERE, code="duplicate_address")
    if other and other.pk != address.pk:
        where = "this queue" if other.queue_id == address.queue_id else f"the queue {other.queue_name}"
        raise ValidationError(
            f"{other.address} is already on {where}, and a mailbox is read once. Use another address, or delete it "
            "there.",
            code="duplicate_address",
        )
