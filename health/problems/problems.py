"""The list of problems, one line a cause: what is concerned, what stops, since when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from configurator.accounts.models import User
from configurator.accounts.scope import Scope
from configurator.db.capped_count import said
from configurator.status import GRAVITY, Status
from health.alarms.impact import counted
from health.problems.affected import Affected, Group, affected_by
from health.problems.counting import counting
from tokenchecks.engine.explain.explanation import explain_cause
from tokenchecks.models import Kind, Watch
from tokenchecks.subjects.grouping import server_scope
from tokenchecks.subjects.stored_rows import ENGINE_KIND, VIEW_RIGHT, watched_by

SHOWN: Final = 20
# Mailboxes broken by the first for what their server is warned of by the second: corrected in one place, one line.
DENIED, NO_ROLE = "permission_denied", "role_missing"


@dataclass(frozen=True)
class Figure:
    """A number in words, and the list that shows as many rows; "" for who may not view it."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class Problem:
    """A cause and all that shares it."""

    status: Status
    name: str
    url: str
    summary: str
    who: str
    since: datetime | None
    also: str = ""
    number: Figure | None = None
    stops: list[Figure] = field(default_factory=list)


def problems_for(user: User) -> tuple[list[Problem], bool]:
    """Return what is broken or warned of as far as the user may view it, and whether there is more.

    What is broken comes first, and of that the newest. Three queries at most, and no row more of memory,
    however many there are.
    """
    kinds = [kind for kind, right in VIEW_RIGHT.items() if user.may(right)]
    scope = watched_by(user)
    groups, more = _groups(kinds, scope)
    affected = affected_by(groups, kinds, scope) if groups else []
    found = list(zip(groups, affected, strict=True))
    reasons = _reasons(found)
    shown = [
        _problem(group, affected, user, also=reasons.get(group.scope, "") if group.cause == DENIED else "")
        for group, affected in found
        if not (group.cause == NO_ROLE and _scope_of_only(group, affected) in reasons)
    ]
    return shown, more


def _reasons(found: Sequence[tuple[Group, Affected]]) -> dict[str, str]:
    """Return what servers are warned of whose mailboxes are broken by just that, by the scope of the mailboxes."""
    denied = {group.scope for group, _ in found if group.cause == DENIED and GRAVITY[group.rank] == Status.BROKEN}
    warned = {_scope_of_only(group, affected): (group, affected) for group, affected in found if group.cause == NO_ROLE}
    return {
        scope: f"{affected.server_name}: {explain_cause(group.cause, ENGINE_KIND[group.kind]).title}"
        for scope, (group, affected) in warned.items()
        if scope in denied
    }


def _scope_of_only(group: Group, affected: Affected) -> str:
    """Return the scope of what hangs on the only server of a group, "" for any other group."""
    return server_scope(affected.server) if affected.server and group.number == 1 else ""


def _groups(kinds: list[str], scope: Scope) -> tuple[list[Group], bool]:
    """Return the causes that are shown, and whether there are more.

    What is warned of is grouped only where what is broken leaves room.
    """
    watches = Watch.objects.visible_to(scope).filter(kind__in=kinds).order_by()
    broken, warned = counting(watches.in_state(Status.BROKEN)), counting(watches.in_state(Status.WARNING))
    groups = _grouped(broken, SHOWN + 1)
    room = SHOWN - len(groups)
    if room > 0:
        groups += _grouped(warned, room + 1)
    return groups[:SHOWN], len(groups) > SHOWN or (room == 0 and warned.exists())


def _grouped(watches: QuerySet[Watch], most: int) -> list[Group]:
    """Return what shares a cause in numbers, the newest first; the database reads it off one index."""
    numbers = {kind.name.lower(): Count("kind", filter=Q(kind=kind)) for kind in Kind}
    found = (
        watches.values_list("rank", "cause", "scope")
        .annotate(first=Min("since"), **numbers)
        .order_by("-first", "cause", "scope")
    )
    return [
        Group(rank, cause, scope, first, {Kind.INCOMING: incoming, Kind.OUTGOING: outgoing, Kind.ADDRESS: address})
        for rank, cause, scope, first, incoming, outgoing, address in found[:most]
    ]


def _problem(group: Group, affected: Affected, user: User, *, also: str) -> Problem:
    """Return the line of a cause."""
    words = explain_cause(group.cause, ENGINE_KIND[group.kind])
    status = GRAVITY[group.rank]
    return Problem(
        status=status,
        name=_name(group, affected, user),
        url=_url(group, affected, user),
        summary=words.title,
        who=words.responsible,
        since=group.since,
        also=also,
        number=_number(group, user),
        stops=list(_stops(group, affected, user)) if status == Status.BROKEN else [],
    )


def _name(group: Group, affected: Affected, user: User) -> str:
    """Return what is concerned: the servers, or the address and its queue, or how many addresses."""
    if affected.server_name:
        more = group.servers - 1
        return f"{affected.server_name} and {counted(more, 'more server')}" if more else affected.server_name
    number = group.numbers[Kind.ADDRESS]
    if affected.address_name:
        return f"{affected.address_name} of {affected.queue_name}"
    named = affected.home_name and user.may("incoming_server.view")
    return f"{number:,} addresses of {affected.home_name}" if named else f"{number:,} addresses"


def _url(group: Group, affected: Affected, user: User) -> str:
    """Return where that is: the one server or address, or else the list of all."""
    if group.servers == 1:
        if group.numbers[Kind.OUTGOING]:
            return reverse("mailsettings:outgoing")
        return reverse("mailsettings:incoming", args=[affected.server])
    if affected.address and not group.servers:
        return f"{reverse('queues:queue', args=[affected.queue])}#address-{affected.address}"
    return _list("alarms:trouble_list", group) if user.may("token_check.view") else ""


def _number(group: Group, user: User) -> Figure | None:
    """Return how many share the cause, with their list; None for a single one."""
    if group.number == 1:
        return None
    word = "broken" if GRAVITY[group.rank] == Status.BROKEN else "warned of"
    return Figure(
        f"{group.number:,} {word}", _list("alarms:trouble_list", group) if user.may("token_check.view") else ""
    )


def _stops(group: Group, affected: Affected, user: User) -> Iterator[Figure]:
    """Yield what stops: queues, addresses and replies, each with its list."""
    if user.may("queue.view") and affected.addresses:
        yield from stopping(affected.queues, affected.addresses, cause=group.cause, scope=group.scope)
    if group.numbers[Kind.OUTGOING]:
        yield Figure("all replies", reverse("mailsettings:outgoing"))


def stopping(queues: int, addresses: int, **chosen: str) -> Iterator[Figure]:
    """Yield how many queues and addresses stop, with the lists of those that are chosen so."""
    query = urlencode(chosen)
    for number, one, many, name in (
        (queues, "queue", "queues", "alarms:stopped_queues"),
        (addresses, "address", "addresses", "alarms:stopped_addresses"),
    ):
        yield Figure(f"{said(number)} {one if number == 1 else many}", f"{reverse(name)}?{query}")


def _list(name: str, group: Group) -> str:
    """Return the address of a list of what is in the group."""
    query = {"status": GRAVITY[group.rank].value, "cause": group.cause, "scope": group.scope}
    return f"{reverse(name)}?{urlencode(query)}"
