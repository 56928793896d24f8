"""What a cause affects: what it is named after, and what stops. The database counts no further than 1,001."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from configurator.accounts.scope import Scope
from configurator.db.capped_count import MOST_COUNTED, statement_of
from health.problems.counting import counting
from queues.models import Queue, QueueAddress
from tokenchecks.models import Kind, Watch


@dataclass(frozen=True)
class Group:
    """What shares a cause: how many of each kind, and since when."""

    rank: int
    cause: str
    scope: str
    since: datetime | None
    numbers: dict[Kind, int]

    @property
    def number(self) -> int:
        """How many share it."""
        return sum(self.numbers.values())

    @property
    def servers(self) -> int:
        """How many servers of either kind are in it."""
        return self.numbers[Kind.INCOMING] + self.numbers[Kind.OUTGOING]

    @property
    def kind(self) -> Kind:
        """What its cause is explained for: a server where there is one."""
        return next(kind for kind, number in self.numbers.items() if number)


@dataclass(frozen=True)
class Affected:
    """The first server of a group, its only member where that is an address, the server of its scope, what stops."""

    server: uuid.UUID | None
    server_name: str | None
    queue: uuid.UUID | None
    queue_name: str | None
    address: uuid.UUID | None
    address_name: str | None
    home_name: str | None
    queues: int
    addresses: int


# Of each group: its first server, its only address, the server of its scope, and what stops with it.
AFFECTED: Final = """
    WITH problem (rank, cause, scope, kind, subject_id, name, home, server) AS NOT MATERIALIZED ({problems}),
    box (queue_id, server_id) AS NOT MATERIALIZED ({boxes})
    SELECT server.subject_id, server.name, queue.id, queue.name, address.id, address.address,
           home.name, stops.queues, stops.addresses
    FROM unnest(%s::smallint[], %s::text[], %s::text[], %s::boolean[], %s::boolean[])
         WITH ORDINALITY AS g(rank, cause, scope, servers, single, place)
    LEFT JOIN LATERAL (
        SELECT p.subject_id, p.name FROM problem p
        WHERE g.servers AND (p.rank, p.cause, p.scope) = (g.rank, g.cause, g.scope) AND p.kind <> 'address'
        ORDER BY p.kind, p.name LIMIT 1
    ) server ON true
    LEFT JOIN LATERAL (
        SELECT p.subject_id FROM problem p
        WHERE g.single AND (p.rank, p.cause, p.scope) = (g.rank, g.cause, g.scope) AND p.kind = 'address'
        LIMIT 1
    ) single ON true
    LEFT JOIN queues_queueaddress address ON address.id = single.subject_id
    LEFT JOIN queues_queue queue ON queue.id = address.queue_id
    LEFT JOIN mailsettings_incomingserver home
        ON home.id = CASE WHEN g.scope LIKE 'server:%%' THEN substr(g.scope, 8)::uuid END
    LEFT JOIN LATERAL (
        SELECT count(*) AS addresses, count(DISTINCT found.queue_id) AS queues
        FROM (
            SELECT box.queue_id FROM problem p JOIN box ON box.server_id = p.subject_id
            WHERE g.servers AND (p.rank, p.cause, p.scope) = (g.rank, g.cause, g.scope) AND p.kind = 'incoming_server'
            UNION ALL
            SELECT p.home FROM problem p
            WHERE g.rank = 0 AND (p.rank, p.cause, p.scope) = (g.rank, g.cause, g.scope) AND p.kind = 'address'
              AND NOT coalesce(p.server = ANY (ARRAY(
                  SELECT s.subject_id FROM problem s
                  WHERE g.servers AND (s.rank, s.cause, s.scope) = (g.rank, g.cause, g.scope)
                    AND s.kind = 'incoming_server')), false)
            LIMIT %s
        ) found
    ) stops ON true
    ORDER BY g.place
"""


def affected_by(groups: Sequence[Group], kinds: list[str], scope: Scope) -> list[Affected]:
    """Return what each of the groups affects among what is of these kinds and within the scope, in one query."""
    text, params = _statement(tuple(kinds), scope, timezone.localdate())
    of_groups: list[Any] = [
        [group.rank for group in groups],
        [group.cause for group in groups],
        [group.scope for group in groups],
        [group.servers > 0 for group in groups],
        [group.number == 1 for group in groups],
        MOST_COUNTED + 1,
    ]
    with connection.cursor() as cursor:
        cursor.execute(text, [*params, *of_groups])
        return [Affected(*row) for row in cursor.fetchall()]


# Building the statement takes longer than the query; it depends on the day, on which acknowledgements end.
@lru_cache(maxsize=64)
def _statement(kinds: tuple[str, ...], scope: Scope, _day: date) -> tuple[str, tuple[Any, ...]]:
    """Return the statement and its first parameters, those of the groups left out."""
    problems, of_problems = statement_of(_problems(kinds, scope))
    boxes, of_boxes = statement_of(boxes_within(scope))
    return AFFECTED.format(problems=problems, boxes=boxes), (*of_problems, *of_boxes)


def _problems(kinds: tuple[str, ...], scope: Scope) -> QuerySet[Watch, Any]:
    """Return what counts as a problem, with the columns that the index of it holds."""
    columns = ("rank", "cause", "scope", "kind", "subject_id", "name", "home", "server")
    problems = counting(Watch.objects.visible_to(scope).filter(kind__in=kinds))
    rows: QuerySet[Watch, Any] = problems.order_by().values(*columns)
    return rows


def boxes_within(scope: Scope) -> QuerySet[QueueAddress, Any]:
    """Return the queue and the server of each address on an enabled queue."""
    # Few queues are disabled: looking each up among them costs less than joining all queues.
    disabled = Queue.objects.filter(enabled=False).order_by().values("pk")
    return QueueAddress.objects.visible_to(scope).exclude(queue__in=disabled).order_by().values("queue_id", "server_id")


def stopped_by(problems: QuerySet[Watch], scope: Scope) -> QuerySet[QueueAddress]:
    """Return the addresses within the scope that stop: those that are broken, and those of servers that are."""
    held = {kind: problems.filter(kind=kind).order_by().values("subject_id") for kind in Kind}
    of_servers = QueueAddress.objects.filter(server__in=held[Kind.INCOMING]).order_by().values("pk")
    # One after the other, since an OR of both reads every address there is.
    seen = QueueAddress.objects.visible_to(scope)
    return seen.filter(pk__in=held[Kind.ADDRESS].union(of_servers), queue__enabled=True)


def broken_by(kinds: list[str], within: Scope, **chosen: str) -> QuerySet[Watch]:
    """Return what is broken, of these kinds and within the reader's scope: all, or by the cause and scope chosen."""
    return counting(Watch.objects.visible_to(within).filter(kind__in=kinds, status="broken", **chosen))
