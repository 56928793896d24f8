"""What the start page says: the state of the estate, each figure with its list, and what a new set-up still lacks."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Subquery
from django.urls import reverse

from configurator.accounts.models import User
from configurator.db.capped_count import MOST_COUNTED, UpTo, counts_by_status, said
from configurator.status import Status
from dashboard.changes import Changes, changes, events_since
from dashboard.checker import Checker, checker_counts, checker_moments, checker_of
from health.findings.kinds import kinds_for
from health.findings.models import Finding
from health.findings.severity import Severity
from health.problems.problems import Figure, Problem, problems_for
from health.problems.upcoming import AHEAD, Ending, ending_days, outgoing_end
from mailsettings.models import IncomingServer, OutgoingServer
from queues.models import Queue
from tokenchecks.models import Kind, Watch
from tokenchecks.subjects.stored_rows import VIEW_RIGHT, watched_by

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
    """Everything the start page shows to one user; what the user may not view is None or empty."""

    tiles: list[Tile]
    problems: list[Problem]
    more_problems: str
    ending: list[Ending] | None
    findings: list[tuple[Severity, Figure]]
    changes: Changes | None
    checker: Checker | None
    steps: list[Step]

    @property
    def is_set_up(self) -> bool:
        """Whether no step is left."""
        return all(step.done for step in self.steps)

    @property
    def days_ahead(self) -> int:
        """How many days are looked ahead."""
        return AHEAD.days


def overview_for(user: User) -> Overview:
    """Return the start page's content as far as the user may view it; at most eight queries."""
    kinds = [kind for kind, right in VIEW_RIGHT.items() if user.may(right)]
    counts = _counts(user)
    found = _figures(user, kinds)
    problems, are_more = problems_for(user)
    more = reverse("alarms:trouble_list") if are_more and user.may("token_check.view") else ""
    return Overview(
        tiles=list(_tiles(user, counts)),
        problems=problems,
        more_problems=more,
        ending=_ending(user, found),
        findings=_findings(user),
        changes=changes(user, said(found["changes"])) if user.may("audit_log.view") else None,
        checker=checker_of(found) if user.may("token_check.view") else None,
        steps=_steps(counts),
    )


def _counts(user: User) -> dict[str, dict[Status, int]]:
    """Return for each kind the rows in each status."""
    return counts_by_status(
        {
            "incoming_server": IncomingServer.objects.all(),
            "outgoing_server": OutgoingServer.objects.filter(enabled=True),
            "queue": Queue.objects.visible_to(user.scope("queue.view")),
            "address": Watch.objects.visible_to(watched_by(user)).filter(kind=Kind.ADDRESS),
        }
    )


def _figures(user: User, kinds: list[str]) -> dict[str, Any]:
    """Return the single figures and moments that the user may know, in one query."""
    counts, moments = {}, {}
    if user.may("token_check.view"):
        counts, moments = checker_counts(kinds, watched_by(user)), checker_moments(kinds, watched_by(user))
    if user.may("audit_log.view"):
        counts["changes"] = events_since(user)
    if user.may("outgoing_server.view"):
        moments["outgoing"] = outgoing_end()
    figures: dict[str, Subquery] = {name: UpTo(rows, MOST_COUNTED) for name, rows in counts.items()}
    figures |= {name: Subquery(values[:1]) for name, values in moments.items()}
    # The one row that there is for sure.
    row: Any = User.objects.filter(pk=user.pk).values("pk", **figures).get()
    return dict(row)


def _ending(user: User, found: dict[str, Any]) -> list[Ending] | None:
    """Return the days on which secrets end that the user may view, the next first."""
    rights = ("incoming_server.view", "outgoing_server.view")
    if not any(map(user.may, rights)):
        return None
    days = ending_days(user) if user.may(rights[0]) else []
    outgoing = [Ending.of_outgoing(found["outgoing"])] if found.get("outgoing") else []
    return sorted([*days, *outgoing], key=lambda ending: ending.day)


def _findings(user: User) -> list[tuple[Severity, Figure]]:
    """Return how many findings are open of each severity."""
    url = reverse("findings:list")
    totals = Finding.objects.seen_by(user).open().totals() if kinds_for(user) else {}
    return [(severity, Figure(said(number), f"{url}?severity={severity}")) for severity, number in totals.items()]


def _tiles(user: User, counts: dict[str, dict[Status, int]]) -> Iterator[Tile]:
    """Yield the tiles of the screens the user may view."""
    screens = (
        ("incoming_server", "incoming_server.view", "Incoming Mail Servers", reverse("mailsettings:incoming_list")),
        ("outgoing_server", "outgoing_server.view", "External Outgoing Mail Server", reverse("mailsettings:outgoing")),
        ("queue", "queue.view", "Queues", reverse("queues:queue_list")),
        ("address", "queue.view", "Addresses of queues", f"{reverse('tokenchecks:standing_list')}?kind=address"),
    )
    for kind, right, label, url in screens:
        if not user.may(right) or (kind == "address" and not user.may("token_check.view")):
            continue
        held = [(status, counts[kind][status]) for status in SHOWN_FIRST if status in counts[kind]]
        yield Tile(label, url, [(status, said(rows), _of_status(kind, url, status)) for status, rows in held])


def _of_status(kind: str, url: str, status: Status) -> str:
    """Return where the rows of a tile in that status are; the outgoing server is one record."""
    if kind == "outgoing_server":
        return url
    return f"{url}{'&' if '?' in url else '?'}status={status}"


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
            done=bool(counts["address"]),
        ),
    ]
