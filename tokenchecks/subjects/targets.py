"""What can be checked, and what a check of one object covers."""

import hashlib
import json
import uuid
from collections.abc import Collection
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from configurator.accounts.scope import Scope
from configurator.vault.models import SealedSecret
from mailsettings.identifiers.clouds import DEFAULT_LOGIN_HOST
from mailsettings.models import IncomingServer, OutgoingServer
from queues.models import QueueAddress
from tokenchecks.models import Kind, Watch

Checkable = IncomingServer | QueueAddress | OutgoingServer


class Target(NamedTuple):
    """One thing to check: ``credential`` is what it requests a token with, ``watched`` whether it is checked by itself.

    ``home`` and ``server`` are the queue and the server of an address.
    """

    kind: Kind
    subject_id: uuid.UUID
    name: str
    credential: str = ""
    client_id: str = ""
    watched: bool = True
    home: uuid.UUID | None = None
    server: uuid.UUID | None = None


def targets_of(kind: str, pk: uuid.UUID) -> list[Target]:
    """Return what a check of the object covers: a server's and a queue's addresses too; empty when it was deleted."""
    return targets_of_many(kind, [pk])


def targets_of_many(kind: str, pks: Collection[uuid.UUID]) -> list[Target]:
    """Return what a check of the objects of one kind covers, in at most four queries."""
    if kind == "queue":
        return [_target(Kind.ADDRESS, address) for address in ROWS[Kind.ADDRESS].filter(queue__in=pks)]
    found = [_target(Kind(kind), item) for item in ROWS[Kind(kind)].filter(pk__in=pks)]
    if kind == Kind.INCOMING and found:
        found += [_target(Kind.ADDRESS, address) for address in ROWS[Kind.ADDRESS].filter(server__in=pks)]
    return found


# All that can be watched: servers first, then addresses, then the outgoing server.
ROWS: dict[Kind, QuerySet[Any]] = {
    Kind.INCOMING: IncomingServer.objects.select_related("secret"),
    # Many addresses have few servers: each of these is read once.
    Kind.ADDRESS: QueueAddress.objects.select_related("queue", "password").prefetch_related(
        Prefetch("server", IncomingServer.objects.select_related("secret"))
    ),
    Kind.OUTGOING: OutgoingServer._default_manager.filter(enabled=True).select_related("password"),
}


def seen_targets(targets: Collection[Target], scope: Scope) -> list[Target]:
    if scope.is_whole:
        return list(targets)
    seen = set(QueueAddress.objects.visible_to(scope).values_list("pk", flat=True))
    return [target for target in targets if target.kind != Kind.ADDRESS or target.subject_id in seen]


def every_target() -> list[Target]:
    """Return all that can be checked: servers first, then addresses, then the outgoing server."""
    return [_target(kind, item) for kind, rows in ROWS.items() for item in rows.all()]


def unwatched_targets() -> list[Target]:
    """Return what should be watched and is not, as after a restore or an import past the services."""
    return [
        _target(kind, item)
        for kind, rows in ROWS.items()
        for item in rows.filter(~Exists(Watch.objects.filter(kind=kind, subject_id=OuterRef("pk"))))
    ]


def watches_of_nothing() -> list[QuerySet[Watch]]:
    """Return the watches of each kind whose subject was deleted."""
    return [
        Watch.objects.filter(~Exists(rows.filter(pk=OuterRef("subject_id"))), kind=kind) for kind, rows in ROWS.items()
    ]


def _target(kind: Kind, item: Any) -> Target:
    if kind == Kind.INCOMING:
        return _incoming(item)
    return _address(item, item.server) if kind == Kind.ADDRESS else _outgoing(item)


def _incoming(server: IncomingServer) -> Target:
    """With OAuth User a server requests no token itself."""
    return Target(Kind.INCOMING, server.pk, server.name, credential_of(server), client_id_of(server))


def client_id_of(row: Checkable) -> str:
    """Return the client ID that the row requests a token with."""
    if isinstance(row, OutgoingServer):
        return str(row.server_user or "")
    return str(row.server.client_id if isinstance(row, QueueAddress) else row.client_id)


def credential_of(row: Checkable) -> str:
    """Return the credential of the row, stored or typed; "" where it requests no token."""
    if isinstance(row, IncomingServer):
        return _service(row) if row.is_service else ""
    if isinstance(row, OutgoingServer):
        asks = (DEFAULT_LOGIN_HOST, row.tenant.casefold(), str(row.server_user), "service")
        return _key(*asks, _fingerprint(row.password))
    if row.server.is_service:
        return _service(row.server)
    return _key(*_app(row.server), "user", row.account.strip().casefold(), _fingerprint(row.password))


def _address(address: QueueAddress, server: IncomingServer) -> Target:
    """With OAuth Service an address requests a token as its server does."""
    address.server = server
    credential, client_id = credential_of(address), client_id_of(address)
    hangs_on = (address.queue_id, server.pk)
    return Target(Kind.ADDRESS, address.pk, address.address, credential, client_id, address.queue.enabled, *hangs_on)


def _outgoing(server: OutgoingServer) -> Target:
    return Target(Kind.OUTGOING, server.pk, str(server), credential_of(server), client_id_of(server))


def _service(server: IncomingServer) -> str:
    return _key(*_app(server), "service", _fingerprint(server.secret))


def _app(server: IncomingServer) -> tuple[str, str, str]:
    return server.login_host, str(server.tenant_id), str(server.client_id)


def _fingerprint(sealed: SealedSecret | None) -> str:
    return sealed.fingerprint if sealed else ""


def _key(*parts: str) -> str:
    """Return a hash that no other parts have."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]
