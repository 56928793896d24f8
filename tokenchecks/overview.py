"""What the start page says: how everything is, what is broken and since when, and what a new set-up still lacks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Value
from django.urls import reverse
from django.utils import timezone

from configurator.accounts.models import User
from configurator.console.status import Status
from mailsettings.models import IncomingServer, OutgoingServer
from queues.models import QueueAddress

BAD = (Status.BROKEN, Status.WARNING)
SOON = timedelta(days=30)
SHOWN = 50
SHOWN_FIRST = (Status.BROKEN, Status.WARNING, Status.UNCHECKED, Status.OK)


@dataclass(frozen=True)
class Trouble:
    """One thing that is broken or may break: what it is, where it is mended, and since when."""

    status: Status
    name: str
    url: str
    what: str
    summary: str
    since: datetime | None

    @classmethod
    def of(cls, row: Any, what: str) -> "Trouble":
        """Return the trouble of a checked row."""
        name = getattr(row, "address", "") if isinstance(row, QueueAddress) else str(row)
        return cls(Status(row.status), name, row.get_absolute_url(), what, row.status_summary, row.status_since)


@dataclass(frozen=True)
class Tile:
    """How the rows of one screen are: ``(status, rows, link to those rows)``, the worst first."""

    label: str
    url: str
    counts: list[tuple[Status, int, str]]


@dataclass(frozen=True)
class Step:
    """A step of a new set-up, and whether it is done."""

    label: str
    text: str
    url: str
    right: str
    done: bool


@dataclass(frozen=True)
class Overview:
    """Everything the start page shows to one user."""

    tiles: list[Tile]
    troubles: list[Trouble]
    ending: list[IncomingServer]
    steps: list[Step]

    @property
    def is_set_up(self) -> bool:
        """Whether no step is left."""
        return all(step.done for step in self.steps)


def overview_for(user: User) -> Overview:
    """Return the start page's content as far as the user may view it; at most four queries."""
    counts = _counts()
    servers = _servers() if user.may("incoming_server.view") else []
    today = timezone.localdate()
    troubles = sorted(_troubles(user, servers), key=lambda item: (item.status != Status.BROKEN, _age(item)))
    return Overview(
        tiles=list(_tiles(user, counts)),
        troubles=troubles[:SHOWN],
        ending=[item for item in servers if item.secret_expires_on and item.secret_expires_on <= today + SOON],
        steps=_steps(counts),
    )


def _age(item: Trouble) -> float:
    """Return what sorts the newest first."""
    return -item.since.timestamp() if item.since else 0.0


def _counts() -> dict[str, dict[Status, int]]:
    """Return for each kind the rows in each status, in one query."""
    kinds: dict[str, QuerySet[Any]] = {
        "incoming_server": IncomingServer.objects.all(),
        "outgoing_server": OutgoingServer.objects.filter(enabled=True),
        "queue": QueueAddress.objects.all(),
    }
    parts = [
        rows.order_by()
        .values("status")
        .annotate(kind=Value(kind), held=Count("pk"))
        .values_list("kind", "status", "held")
        for kind, rows in kinds.items()
    ]
    counted: dict[str, dict[Status, int]] = {kind: {} for kind in kinds}
    for kind, status, rows in parts[0].union(*parts[1:], all=True):
        counted[kind][Status(status)] = rows
    return counted


def _servers() -> list[IncomingServer]:
    """Return the incoming servers that are in a bad state or whose secret ends soon."""
    soon = timezone.localdate() + SOON
    wanted = IncomingServer.objects.filter(Q(status__in=BAD) | Q(secret_expires_on__lte=soon))
    return list(wanted.order_by("secret_expires_on", "name")[:SHOWN])


def _troubles(user: User, servers: list[IncomingServer]) -> Iterator[Trouble]:
    """Yield what is broken or warned of."""
    for server in servers:
        if server.status in BAD:
            yield Trouble.of(server, "Incoming mail server")
    if user.may("outgoing_server.view"):
        for item in OutgoingServer.objects.filter(enabled=True, status__in=BAD):
            yield Trouble.of(item, "Outgoing mail server")
    if user.may("queue.view"):
        for address in QueueAddress.objects.filter(status__in=BAD).select_related("queue")[:SHOWN]:
            yield Trouble.of(address, f"Address of {address.queue.name}")


def _tiles(user: User, counts: dict[str, dict[Status, int]]) -> Iterator[Tile]:
    """Yield the tiles of the screens the user may view."""
    screens = (
        ("incoming_server", "Incoming Mail Servers", "mailsettings:incoming_list"),
        ("outgoing_server", "External Outgoing Mail Server", "mailsettings:outgoing"),
        ("queue", "Addresses of queues", "queues:queue_list"),
    )
    for kind, label, url_name in screens:
        if not user.may(f"{kind}.view"):
            continue
        url = reverse(url_name)
        held = [(status, counts[kind][status]) for status in SHOWN_FIRST if status in counts[kind]]
        link = url if kind == "outgoing_server" else f"{url}?status="
        yield Tile(label, url, [(status, rows, link + (status if "?" in link else "")) for status, rows in held])


def _steps(counts: dict[str, dict[Status, int]]) -> list[Step]:
    """Return the steps of a new set-up in their order."""
    return [
        Step(
            "Add an incoming mail server",
            "The app registration that reads your mailboxes: tenant, Client ID and secret, from Entra.",
            reverse("mailsettings:incoming_new"),
            "incoming_server.create",
            done=bool(counts["incoming_server"]),
        ),
        Step(
            "Enable the external outgoing mail server",
            "The tenant and the app that send your replies.",
            reverse("mailsettings:outgoing"),
            "outgoing_server.modify",
            done=bool(counts["outgoing_server"]),
        ),
        Step(
            "Add a queue and its address",
            "The mailbox whose mail the queue takes; it is checked within seconds of the save.",
            reverse("queues:queue_new"),
            "queue.create",
            done=bool(counts["queue"]),
        ),
    ]
