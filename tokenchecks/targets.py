"""What there is to check, and what a check of one thing covers."""

import uuid

from mailsettings.models import IncomingServer, OutgoingServer
from queues.models import Queue, QueueAddress
from tokenchecks.models import Kind

Target = tuple[Kind, uuid.UUID, str]


def targets_of_server(server: IncomingServer) -> list[Target]:
    """Return the server and every address that is read through it."""
    addresses = QueueAddress.objects.filter(server=server).select_related("queue")
    return [(Kind.INCOMING, server.pk, server.name), *(_target(address) for address in addresses)]


def targets_of_queue(queue: Queue) -> list[Target]:
    """Return the queue's addresses."""
    return [_target(address) for address in QueueAddress.objects.filter(queue=queue).select_related("queue")]


def targets_of(kind: str, pk: uuid.UUID) -> list[Target]:
    """Return what a check of the object covers: a server's and a queue's addresses too; empty when it is gone."""
    if kind == Kind.INCOMING:
        return [target for server in IncomingServer.objects.filter(pk=pk) for target in targets_of_server(server)]
    if kind == "queue":
        return [target for queue in Queue.objects.filter(pk=pk) for target in targets_of_queue(queue)]
    if kind == Kind.ADDRESS:
        return [_target(address) for address in QueueAddress.objects.filter(pk=pk).select_related("queue")]
    return [(Kind.OUTGOING, item.pk, str(item)) for item in OutgoingServer.objects.filter(pk=pk, enabled=True)]


def _target(address: QueueAddress) -> Target:
    """Return the address as a target."""
    return Kind.ADDRESS, address.pk, address.address
