"""What raises the rules, and what clears them."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from configurator.vault.text import Secret
from mailsettings.models import IncomingServer, OutgoingServer
from mailsettings.rotation import services as rotation
from mailsettings.services import incoming_server_save, outgoing_server_save
from queues.models import Queue, QueueAddress
from queues.services import address_delete, address_save, queue_save
from tests.health.alarms.standings import breaks, warns, works
from tests.mailsettings.slots import SECOND, again, day, switched, with_next
from tests.people import ACTOR, address, incoming, outgoing, queue

OTHER_TENANT = uuid.UUID("77777777-5b7d-4c69-9a55-0d2b6f1e8a11")
APP = uuid.UUID("88888888-5b7d-4c69-9a55-0d2b6f1e8a11")
MAILBOX = "box@contoso.example"


def change(row: Any, **values: Any) -> None:
    """Save other values through the service of the row."""
    stored = type(row).objects.get(pk=row.pk)
    for name, value in values.items():
        setattr(stored, name, value)
    match stored:
        case IncomingServer():
            incoming_server_save(actor=ACTOR, server=stored, secret=None)
        case OutgoingServer():
            outgoing_server_save(actor=ACTOR, server=stored, password=None)
        case Queue():
            queue_save(actor=ACTOR, queue=stored)
        case QueueAddress():
            address_save(actor=ACTOR, address=stored)


def changing(**values: Any) -> Callable[[Any], None]:
    """Return what saves those values."""
    return lambda row: change(row, **values)


def overwrite(row: Any, **values: Any) -> Any:
    """Write columns that only time or a check writes."""
    type(row).objects.filter(pk=row.pk).update(**values)
    return row


def ago(**time: float) -> Any:
    """Return the moment so long ago."""
    return timezone.now() - timedelta(**time)


def first_of(*rows: Any) -> Any:
    """Return the first of the rows that had to be made."""
    return rows[0]


def delete_other(row: Any) -> None:
    """Delete the rows of the same kind beside it."""
    type(row).objects.exclude(pk=row.pk).delete()


def discard(server: Any) -> None:
    """Discard the next secret."""
    rotation.next_secret_discard(actor=ACTOR, server=again(server))


def switch(server: Any) -> None:
    """Switch to the next secret."""
    rotation.secret_switch(actor=ACTOR, server=again(server))


def wipe(server: Any) -> None:
    """Wipe the previous secret."""
    rotation.previous_secret_wipe(actor=ACTOR, server=again(server))


def pass_next(server: Any) -> None:
    """Note that the next secret passed its test."""
    rotation.next_secret_passed(again(server))


def broken_for(row: Any) -> Any:
    """Let it be broken for two days."""
    breaks([row])
    return overwrite(row, status_since=ago(days=2))


def mended(row: Any) -> None:
    """Let checks find all well."""
    works([row], times=2)


def unchecked(row: Any) -> Any:
    """Let it stand for two hours with no check."""
    return overwrite(row, changed_at=ago(hours=2))


def long_ago(row: Any) -> Any:
    """Let its last check be long ago."""
    works([row])
    return overwrite(row, checked_at=ago(days=5))


def plain(**values: Any) -> QueueAddress:
    """Store the address of the tests."""
    return address(address=MAILBOX, **values)


def of_user(**values: Any) -> QueueAddress:
    """Store an address of OAuth User."""
    return plain(server=incoming(authentication_type="oauth_user"), password="mailbox-password", **values)


def without_password() -> QueueAddress:
    """Store an address whose server moves to another tenant, which wipes its password."""
    item = of_user()
    change(item.server, tenant_id=OTHER_TENANT)
    return item


def give_password(item: QueueAddress) -> None:
    """Enter the password again."""
    address_save(actor=ACTOR, address=QueueAddress.objects.get(pk=item.pk), password=Secret("mailbox-password"))


def held(**values: Any) -> Queue:
    """Store a queue with an address that has the values."""
    return plain(**values).queue


def delete_addresses(row: Any) -> None:
    """Delete every address."""
    for item in QueueAddress.objects.all():
        address_delete(actor=ACTOR, address=item)


def broken_queue() -> Queue:
    """Store a queue with two broken addresses."""
    home = queue()
    breaks([address(queue=home), address(queue=home)])
    return home


def mend_one(home: Queue) -> None:
    """Let one address of the queue be found well."""
    works([home.addresses.first()], times=2)


def with_values(**values: Any) -> Queue:
    """Store a queue whose only address has values of its own."""
    home = queue(**values)
    address(queue=home, priority=3, extension_language="fr")
    return home


def follow(home: Queue) -> None:
    """Let the address follow the queue."""
    change(home.addresses.get(), priority=None, extension_language="")


def found_with(cause: str, **values: Any) -> QueueAddress:
    """Store an address of which a check finds the cause."""
    item = plain(**values)
    warns([item], cause)
    return item


def shared_secrets(**values: Any) -> IncomingServer:
    """Store two servers with one secret, of one app unless said otherwise."""
    same = {"secret": "one~secret~for~two~servers", "client_id": APP}
    first = incoming(**same)
    incoming(**same | values)
    return first


def other_secret(server: IncomingServer) -> None:
    """Enter another secret."""
    stored = IncomingServer.objects.get(pk=server.pk)
    incoming_server_save(actor=ACTOR, server=stored, secret=Secret("another~secret~of~its~own"))


def next_of(server: Any, **values: Any) -> Any:
    """Enter a next secret."""
    return with_next(server, **values)


def both_dates(make: Callable[..., Any], field: str) -> Callable[[], Any]:
    """Return what makes a server whose next secret ends before the one in use."""
    return lambda: with_next(make(**{field: day(300)}), expires_on=day(200))


def overdue(server: Any) -> Any:
    """Let the day of the previous secret pass."""
    return overwrite(switched(server), previous_wiped_on=day(-1))


def off(**values: Any) -> OutgoingServer:
    """Store the outgoing server, not enabled."""
    return outgoing(enabled=False, **values)


def off_with_senders() -> OutgoingServer:
    """Store it, not enabled, with an address that is ticked as Sender."""
    plain(sender=True)
    return off()


def elsewhere() -> OutgoingServer:
    """Store it with another tenant than that of the incoming server."""
    incoming()
    return outgoing(tenant=str(OTHER_TENANT))


def sharing() -> OutgoingServer:
    """Store it with the secret of an incoming server."""
    incoming(secret=SECOND)
    return outgoing(secret=SECOND)


def other_password(server: OutgoingServer) -> None:
    """Enter another password."""
    stored = OutgoingServer.objects.get(pk=server.pk)
    outgoing_server_save(actor=ACTOR, server=stored, password=Secret("another~secret~of~its~own"))


def complete(server: OutgoingServer) -> None:
    """Enter the Server User, and the password for it."""
    stored = OutgoingServer.objects.get(pk=server.pk)
    stored.server_user = APP
    outgoing_server_save(actor=ACTOR, server=stored, password=Secret("another~secret~of~its~own"))
