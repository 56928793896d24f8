"""What the start page says: how everything is, what is broken and since when, and what a new set-up still lacks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from alarms.mending import Trouble, troubles_for
from alarms.models import Alarm, AlarmSubject, Topic
from configurator.accounts.models import User
from configurator.console.counting import counts_by_status, said
from configurator.console.status import Status
from mailsettings.models import IncomingServer, OutgoingServer
from queues.models import QueueAddress

SOON = timedelta(days=30)
SHOWN = 50
SHOWN_FIRST = (Status.BROKEN, Status.WARNING, Status.UNCHECKED, Status.OK)


@dataclass(frozen=True)
class Tile:
    """How the rows of one screen are: ``(status, rows, link to those rows)``, the worst first."""

    label: str
    url: str
    counts: list[tuple[Status, str, str]]


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
    """Return the start page's content as far as the user may view it; at most five queries."""
    counts = _counts()
    return Overview(
        tiles=list(_tiles(user, counts)),
        troubles=troubles_for(user)[:SHOWN],
        ending=_ending() if user.may("incoming_server.view") else [],
        steps=_steps(counts),
    )


def _counts() -> dict[str, dict[Status, int]]:
    """Return for each kind the rows in each status."""
    return counts_by_status(
        {
            "incoming_server": IncomingServer.objects.all(),
            "outgoing_server": OutgoingServer.objects.filter(enabled=True),
            "queue": QueueAddress.objects.all(),
        }
    )


def _ending() -> list[IncomingServer]:
    """Return the incoming servers whose secret ends soon, unless somebody dismissed that."""
    soon = timezone.localdate() + SOON
    dismissed = Alarm.objects.open().filter(topic=Topic.EXPIRY).exclude(pk__in=Alarm.objects.counting().values("pk"))
    held = AlarmSubject.objects.filter(alarm__in=dismissed, left_at__isnull=True).values("subject_id")
    wanted = IncomingServer.objects.filter(secret_expires_on__lte=soon).exclude(pk__in=held)
    return list(wanted.order_by("secret_expires_on", "name")[:SHOWN])


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
        yield Tile(label, url, [(status, said(rows), link + (status if "?" in link else "")) for status, rows in held])


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
