"""What needs mending, one line a cause: what is concerned, what stops, since when."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Case, Count, Value, When
from django.urls import reverse

from alarms.grouping import Place, scope_of, server_of
from alarms.impact import counted
from alarms.subjects import url_of
from alarms.troubles import counting
from configurator.accounts.models import User
from configurator.console.status import Status
from queues.models import QueueAddress
from tokenchecks.engine.explain import explain_cause
from tokenchecks.models import Kind, Watch
from tokenchecks.subjects import ENGINE_KIND, VIEW_RIGHT

READ: Final = 2000  # so many troubled things are read, the newest; with more, the numbers are too low
WORST_FIRST = Case(When(status="broken", then=Value(0)), default=Value(1))
Addresses = dict[uuid.UUID, QueueAddress]


@dataclass(frozen=True)
class Trouble:
    """A cause and all that shares it."""

    status: Status
    name: str
    url: str
    summary: str
    who: str
    stops: str
    since: datetime | None


def troubles_for(user: User) -> list[Trouble]:
    """Return what is broken or warned of as far as the user may view it, broken first, the newest first."""
    kinds = [kind for kind, right in VIEW_RIGHT.items() if user.may(right)]
    watches = list(counting(Watch.objects.filter(kind__in=kinds)).order_by(WORST_FIRST, "-since")[:READ])
    if not watches:
        return []
    asked = [watch.subject_id for watch in watches if watch.kind == Kind.ADDRESS]
    addresses = QueueAddress.objects.select_related("queue", "server").in_bulk(asked)
    groups: dict[tuple[str, str, str], list[Watch]] = defaultdict(list)
    for watch in watches:
        groups[watch.status, watch.cause, scope_of(watch, _place(addresses.get(watch.subject_id)))].append(watch)
    used = _use_of([watch.subject_id for watch in watches if watch.kind == Kind.INCOMING])
    return [_trouble(group, addresses, used) for group in groups.values()]


def _place(address: QueueAddress | None) -> Place | None:
    return Place(address.server_id, address.server.is_service) if address else None


def _use_of(servers: Sequence[uuid.UUID]) -> dict[uuid.UUID, tuple[int, int]]:
    """Return how many queues and addresses each server serves."""
    served = QueueAddress.objects.filter(server__in=servers, queue__enabled=True).order_by().values("server")
    counts = served.annotate(queues=Count("queue", distinct=True), held=Count("pk"))
    return {server: (queues, held) for server, queues, held in counts.values_list("server", "queues", "held")}


def _trouble(group: Sequence[Watch], addresses: Addresses, used: dict[uuid.UUID, tuple[int, int]]) -> Trouble:
    """Return the line of a cause."""
    first = min(group, key=lambda watch: (watch.kind == Kind.ADDRESS, watch.name))
    words = explain_cause(first.cause, ENGINE_KIND[first.kind])
    return Trouble(
        status=Status(first.status),
        name=_name(group, addresses),
        url=_url(group, addresses),
        summary=words.title,
        who=words.mended_by,
        stops=_stops(group, addresses, used) if first.status == Status.BROKEN else "",
        since=min((watch.since for watch in group if watch.since), default=None),
    )


def _name(group: Sequence[Watch], addresses: Addresses) -> str:
    """Return what is concerned: the servers, or the address and its queue, or how many addresses."""
    servers = sorted(watch.name for watch in group if watch.kind != Kind.ADDRESS)
    if servers:
        more = len(servers) - 1
        return f"{servers[0]} and {counted(more, 'more server')}" if more else servers[0]
    held = [addresses.get(watch.subject_id) for watch in group]
    if len(group) == 1:
        return f"{group[0].name} of {held[0].queue.name}" if held[0] else group[0].name
    names = {address.server.name for address in held if address}
    return f"{len(group)} addresses of {names.pop()}" if len(names) == 1 else f"{len(group)} addresses"


def _url(group: Sequence[Watch], addresses: Addresses) -> str:
    """Return where that is: the one thing, the one server, or the list."""
    servers = [watch for watch in group if watch.kind != Kind.ADDRESS]
    only = (servers or list(group))[:2]
    if len(only) == 1:
        return url_of(only[0].kind, only[0].subject_id, addresses)
    if servers:
        return f"{reverse('mailsettings:incoming_list')}?status={only[0].status}"
    held = {server_of(watch, _place(addresses.get(watch.subject_id))) for watch in group}
    if len(held) == 1:
        return reverse("mailsettings:incoming", args=[held.pop()])
    return f"{reverse('queues:queue_list')}?status={only[0].status}"


def _stops(group: Sequence[Watch], addresses: Addresses, used: dict[uuid.UUID, tuple[int, int]]) -> str:
    """Return what stops, in numbers."""
    servers = {watch.subject_id for watch in group if watch.kind == Kind.INCOMING}
    queues, held = (sum(used.get(server, (0, 0))[at] for server in servers) for at in (0, 1))
    alone = [address for watch in group if (address := addresses.get(watch.subject_id))]
    alone = [address for address in alone if address.server_id not in servers]
    queues += len({address.queue_id for address in alone})
    parts = [counted(queues, "queue"), counted(held + len(alone), "address", "addresses")] if queues else []
    if any(watch.kind == Kind.OUTGOING for watch in group):
        parts.append("all replies")
    return ", ".join(parts)
