"""The objects of a support bundle: one queue, one server, or everything, as far as the user may view it."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.http import Http404
from django.shortcuts import get_object_or_404

from configurator.accounts.models import User
from configurator.accounts.scope import Scope
from mailsettings.models import IncomingServer, OutgoingServer
from queues.models import Queue, QueueAddress

ESTATE = "estate"
# The right with which each kind of object is viewed.
RIGHTS = {
    "queue": "queue.view",
    "address": "queue.view",
    "incoming_server": "incoming_server.view",
    "outgoing_server": "outgoing_server.view",
}
MODELS: dict[str, Any] = {
    "queue": Queue,
    "incoming_server": IncomingServer,
    "outgoing_server": OutgoingServer,
}


@dataclass(frozen=True)
class Extent:
    """The objects of a bundle by kind, their common name, and the right that the bundle needs."""

    kind: str
    name: str
    right: str
    rows: dict[str, QuerySet[Any]]
    user: User

    @property
    def is_estate(self) -> bool:
        return self.kind == ESTATE

    @property
    def queues(self) -> Scope:
        """The queues that its user may view."""
        return self.user.scope("queue.view")

    def subjects(self, field: str = "subject_id", *, as_text: bool = False) -> Q:
        """Return a condition for rows about these objects, by the columns ``kind`` and ``field``."""
        wanted = Q(pk__in=[])
        for kind, rows in self.rows.items():
            if self.is_estate and self.queues.is_whole:
                wanted |= Q(kind=kind)
            else:
                keys = rows.order_by().values("pk")
                text = rows.order_by().annotate(key=Cast("pk", CharField())).values("key")
                wanted |= Q(("kind", kind), (f"{field}__in", text if as_text else keys))
        return wanted


def extent_of(user: User, kind: str, pk: uuid.UUID | None) -> Extent:
    """Return the extent of a bundle whose kind the user may view; 404 for what does not exist, or is not his."""
    if kind == ESTATE:
        rows = {kind: model.objects.all() for kind, model in MODELS.items()} | {"address": QueueAddress.objects.all()}
        return _visible(user, ESTATE, "Everything", next(filter(user.may, RIGHTS.values()), "queue.view"), rows)
    if kind not in MODELS:
        raise Http404
    record: Any = get_object_or_404(MODELS[kind], pk=pk)
    return _visible(user, kind, str(record), RIGHTS[kind], _around(kind, record))


def _visible(user: User, kind: str, name: str, right: str, rows: dict[str, QuerySet[Any]]) -> Extent:
    """Return the extent without what the user may not view; 404 for a queue that is not his."""
    scope = user.scope("queue.view")
    seen = {each: _within(found, scope) for each, found in rows.items() if user.may(RIGHTS[each])}
    if kind == "queue" and not seen["queue"].exists():
        raise Http404
    return Extent(kind, name, right, seen, user)


def _within(rows: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
    """Return those of the rows that are queues within the scope, on one, or on none at all."""
    found: QuerySet[Any] = getattr(rows, "visible_to", lambda _scope: rows)(scope)
    return found


def _around(kind: str, record: Any) -> dict[str, QuerySet[Any]]:
    """Return the object and the objects related to it."""
    if kind == "queue":
        addresses = QueueAddress.objects.filter(queue=record)
        return {
            "queue": Queue.objects.filter(pk=record.pk),
            "address": addresses,
            "incoming_server": IncomingServer.objects.filter(pk__in=addresses.order_by().values("server")),
            "outgoing_server": OutgoingServer.objects.filter(enabled=True),
        }
    if kind == "incoming_server":
        addresses = QueueAddress.objects.filter(server=record)
        return {
            "incoming_server": IncomingServer.objects.filter(pk=record.pk),
            "address": addresses,
            "queue": Queue.objects.filter(pk__in=addresses.order_by().values("queue")),
        }
    return {"outgoing_server": OutgoingServer.objects.all()}
