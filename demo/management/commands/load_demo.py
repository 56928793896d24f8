"""Enter the sample data in an empty console, as its administrator would."""

from typing import Any

from django.core.management.base import BaseCommand

from configurator.accounts.actor import Actor
from configurator.env import DATA_DIR
from configurator.vault.text import Secret
from demo import sample
from demo.store import load
from mailsettings.identifiers.authority import parse_authority
from mailsettings.models import IncomingServer, OutgoingServer
from mailsettings.services import incoming_server_save, outgoing_server_save
from queues.models import Queue, QueueAddress
from queues.services import address_save, queue_save

ACTOR = Actor.system("demo")


class Command(BaseCommand):
    """Enter six servers, the outgoing server and twelve queues; does nothing where any server is there already.

    It calls the services below the forms, since one server holds what a form refuses: a Secret ID.
    """

    help = "Enter the sample data in an empty console."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if IncomingServer.objects.exists():
            self.stdout.write("There are servers already; nothing was entered.")
            return
        _, world = load(DATA_DIR / "demo")
        data = sample.organisation(world)
        servers = {item.key: enter_server(item) for item in data.servers}
        enter_outgoing(data.outgoing)
        for queue in data.queues:
            enter_queue(queue, servers)
        self.stdout.write(f"Entered {len(data.servers)} servers and {len(data.queues)} queues.")


def enter_server(item: sample.IncomingServer) -> IncomingServer:
    authority = parse_authority(item.address)
    server = IncomingServer(
        name=item.name,
        login_host=authority.login_host,
        tenant_id=authority.tenant_id,
        client_id=item.client_id,
        authentication_type=item.authentication_type,
        secret_expires_on=item.secret_expires_on,
    )
    return incoming_server_save(actor=ACTOR, server=server, secret=Secret(item.secret) if item.secret else None)


def enter_outgoing(item: sample.OutgoingServer) -> None:
    server = OutgoingServer(
        pk=OutgoingServer.SINGLE,
        enabled=True,
        tenant=item.tenant,
        port=item.port,
        server_user=item.server_user,
    )
    outgoing_server_save(actor=ACTOR, server=server, password=Secret(item.password))


def enter_queue(item: sample.Queue, servers: dict[str, IncomingServer]) -> None:
    queue = Queue(
        name=item.name,
        description=item.description,
        language=item.language,
        priority=item.priority,
        enabled=item.enabled,
    )
    queue_save(actor=ACTOR, queue=queue)
    for entry in item.addresses:
        address = QueueAddress(
            queue=queue,
            address=entry.email,
            account=entry.account or entry.email,
            priority=entry.priority,
            extension_language=entry.language,
            sender=entry.sender,
            server=servers[entry.server],
        )
        password = Secret(entry.password) if entry.password else None
        address_save(actor=ACTOR, address=address, password=password)
