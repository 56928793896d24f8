"""All writes to queues and addresses; each makes one audit event in its transaction."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from copy import copy

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from configurator.accounts.actor import Actor
from configurator.console.records.bulk import remove_all, write_all
from configurator.console.records.record import remove, write
from configurator.console.records.secrets import SecretChange
from configurator.status import Status, gravity
from configurator.vault import services as vault
from configurator.vault.text import Secret
from mailsettings.models import IncomingServer
from queues.duplicates import refuse_duplicates
from queues.models import Queue, QueueAddress


@transaction.atomic
def queue_save(*, actor: Actor, queue: Queue, version: int | None = None) -> Queue:
    """Create the queue, or save it over the version the editor saw.

    Raises PermissionDenied, StaleVersion, or ValidationError with the messages on their fields.
    """
    new = queue._state.adding
    right = "queue.create" if new else "queue.modify"
    actor.require(right)
    stored = None if new else Queue.locked(queue.pk, version)
    actor.require_within(right, [queue.group_id, *([stored.group_id] if stored else [])])
    write(actor=actor, row=queue, stored=stored)
    return queue


@transaction.atomic
def queue_delete(*, actor: Actor, queue: Queue, version: int | None = None) -> None:
    """Delete the queue with its addresses and their passwords."""
    actor.require("queue.delete")
    stored = Queue.locked(queue.pk, version)
    actor.require_within("queue.delete", [stored.group_id])
    for address in stored.addresses.select_for_update():
        _address_remove(actor, address)
    remove(actor=actor, row=stored)


@transaction.atomic
def address_save(
    *, actor: Actor, address: QueueAddress, password: Secret | None = None, version: int | None = None
) -> QueueAddress:
    """Create the address, or save it over the version the editor saw; a blank password keeps the stored one.

    Raises PermissionDenied, StaleVersion, or ValidationError with the messages on their fields.
    """
    actor.require("queue.modify")
    homes = _lock_homes(address)
    _require_homes(actor, homes)
    stored = None if address._state.adding else QueueAddress.locked(address.pk, version)
    if password and address.server.is_service:
        raise ValidationError(
            {"password": "OAuth Service takes no password: clear it. The secret stands on the server."}
        )
    refuse_duplicates([address], actor.scope("queue.view"))
    change = _password_change(actor, address, stored, password)
    try:
        with transaction.atomic():
            write(actor=actor, row=address, stored=stored)
    except (IntegrityError, ValidationError):
        # Somebody put the address on another queue between the query and the write.
        refuse_duplicates([address], actor.scope("queue.view"))
        raise
    change.discard_old()
    queues_follow(homes)
    return address


def _password_change(
    actor: Actor, address: QueueAddress, stored: QueueAddress | None, password: Secret | None
) -> SecretChange:
    """Set, keep or drop the password as the server's type requires."""
    change = SecretChange(address, "password", stored)
    change.apply(password, keep=not address.server.is_service, set_by=actor.name)
    if not address.server.is_service and not address.password:
        raise ValidationError({"password": "OAuth User needs the password of the account."})
    return change


def _require_homes(actor: Actor, homes: Collection[uuid.UUID]) -> None:
    """Raise PermissionDenied unless the actor may modify queues of these groups; queried only for limited actors."""
    if not actor.scope("queue.modify").is_whole:
        actor.require_within("queue.modify", Queue.objects.filter(pk__in=homes).values_list("group", flat=True))


@transaction.atomic
def address_delete(*, actor: Actor, address: QueueAddress, version: int | None = None) -> None:
    """Delete the address and its password."""
    actor.require("queue.modify")
    homes = _lock_homes(address)
    _require_homes(actor, homes)
    _address_remove(actor, QueueAddress.locked(address.pk, version))
    queues_follow(homes)


@transaction.atomic
def earlier_sender_drop(*, actor: Actor, pk: uuid.UUID) -> None:
    """Delete what was entered in the address's Sender while that was a text; DoesNotExist without the address."""
    actor.require("queue.modify")
    stored = QueueAddress.locked(pk, None)
    _require_homes(actor, {stored.queue_id})
    address = copy(stored)
    address.earlier_sender = ""
    write(actor=actor, row=address, stored=stored)


def _address_remove(actor: Actor, address: QueueAddress) -> None:
    """Delete the locked address, then its password."""
    sealed = address.password
    remove(actor=actor, row=address)
    if sealed:
        vault.discard(sealed)


def _lock_homes(*addresses: QueueAddress) -> set[uuid.UUID]:
    """Lock the queues of the addresses and those they were on before: queues come before servers and addresses."""
    before = QueueAddress.objects.filter(pk__in=[address.pk for address in addresses]).values_list(
        "queue_id", flat=True
    )
    homes = {address.queue_id for address in addresses}.union(before)
    Queue.objects.lock_all(homes)
    return homes


def queues_follow(pks: Iterable[uuid.UUID]) -> None:
    """Write on each queue the worst status among its addresses; the caller's transaction holds the queues' locks."""
    worst = QueueAddress.objects.filter(queue=OuterRef("pk")).order_by(gravity()).values("status")[:1]
    now = Coalesce(Subquery(worst), Value(Status.UNCHECKED))
    # Most stay as they are, and each needless write leaves one more row to read until the next vacuum.
    Queue.objects.filter(pk__in=pks).exclude(status=now).update(status=now)


@transaction.atomic
def passwords_wipe_unusable(*, actor: Actor, server: IncomingServer) -> int:
    """Delete the passwords on the server's addresses that it cannot use as it is now; return how many."""
    wiped = 0
    for address in server.addresses.select_for_update(of=("self",)).select_related("password", "queue"):
        sealed = address.password
        address.server = server
        if sealed and (server.is_service or not sealed.belongs_to(address.secret_context)):
            stored = QueueAddress.objects.select_related("queue", "server").get(pk=address.pk)
            address.password = None
            write(actor=actor, row=address, stored=stored)
            vault.discard(sealed)
            wiped += 1
    return wiped


# Many at once, in as many queries as one: when a row is refused, none is written.


@transaction.atomic
def queues_save(*, actor: Actor, queues: Sequence[Queue]) -> None:
    """Create the new queues, and save what was changed on stored ones, as they were read."""
    for new in {queue._state.adding for queue in queues}:
        actor.require("queue.create" if new else "queue.modify")
    stored = Queue.locked_all(queues, "group", no_key=True)
    for queue in queues:
        before = [stored[queue.pk].group_id] if queue.pk in stored else []
        right = "queue.modify" if before else "queue.create"
        actor.require_within(right, [queue.group_id, *before])
    write_all(actor=actor, rows=queues, stored=stored)


@transaction.atomic
def queues_delete(*, actor: Actor, queues: Sequence[Queue]) -> None:
    """Delete the queues, as they were read, with their addresses and passwords."""
    actor.require("queue.delete")
    stored = Queue.locked_all(queues, "group")
    actor.require_within("queue.delete", (row.group_id for row in stored.values()))
    addresses = QueueAddress.objects.filter(queue__in=stored).select_for_update(of=("self",)).order_by("pk")
    _addresses_remove(actor, addresses.whole())
    remove_all(actor=actor, rows=list(stored.values()))


@transaction.atomic
def addresses_save(*, actor: Actor, addresses: Sequence[QueueAddress]) -> None:
    """Create the new addresses, and save what was changed on stored ones, as they were read.

    A password stays where the server uses it; none is set.
    """
    actor.require("queue.modify")
    homes = _lock_homes(*addresses)
    _require_homes(actor, homes)
    stored = QueueAddress.locked_all(addresses, "queue", "server", "password")
    refuse_duplicates(addresses, actor.scope("queue.view"))
    passwords = [_password_change(actor, address, stored.get(address.pk), None) for address in addresses]
    write_all(actor=actor, rows=addresses, stored=stored)
    vault.discard_all(change.dropped for change in passwords if change.dropped)
    queues_follow(homes)


@transaction.atomic
def addresses_delete(*, actor: Actor, addresses: Sequence[QueueAddress]) -> None:
    """Delete the addresses, as they were read, and their passwords."""
    actor.require("queue.modify")
    homes = _lock_homes(*addresses)
    _require_homes(actor, homes)
    _addresses_remove(actor, QueueAddress.locked_all(addresses, "queue", "server", "password").values())
    queues_follow(homes)


def _addresses_remove(actor: Actor, addresses: Iterable[QueueAddress]) -> None:
    """Delete the locked addresses, then their passwords."""
    rows = list(addresses)
    remove_all(actor=actor, rows=rows)
    vault.discard_all(row.password for row in rows if row.password)
