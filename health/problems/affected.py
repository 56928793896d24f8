"""How far a cause reaches: what it is called after, and what stops. The database counts, and no further than 1,001."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from configurator.accounts.scope import Scope
from configurator.db.capped_count import MOST_COUNTED
from health.problems.counting import counting
from queues.models import QueueAddress
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
class Reach:
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


# What counts as trouble is what troubles.counting() says.
REACH: Final = """
    WITH trouble AS NOT MATERIALIZED (
        SELECT rank, cause, scope, kind, subject_id, name, home, server FROM tokenchecks_watch w
        WHERE due_at IS NOT NULL AND status IN ('broken', 'warning') AND kind = ANY(%(kinds)s)
          AND (status = 'broken' OR NOT EXISTS (
              SELECT 1 FROM alarms_dismissal d
              WHERE d.kind = w.kind AND d.subject_id = w.subject_id AND d.cause = w.cause
                AND d.ended_at IS NULL AND d.until >= %(today)s)) {watches}
    )
    SELECT server.subject_id, server.name, queue.id, queue.name, address.id, address.address,
           home.name, stops.queues, stops.addresses
    FROM unnest(%(ranks)s::smallint[], %(causes)s::text[], %(scopes)s::text[], %(servers)s::boolean[],
                %(single)s::boolean[]) WITH ORDINALITY AS g(rank, cause, scope, servers, single, place)
    LEFT JOIN LATERAL (
        SELECT t.subject_id, t.name FROM trouble t
        WHERE g.servers AND (t.rank, t.cause, t.scope) = (g.rank, g.cause, g.scope) AND t.kind <> 'address'
        ORDER BY t.kind, t.name LIMIT 1
    ) server ON true
    LEFT JOIN LATERAL (
        SELECT t.subject_id FROM trouble t
        WHERE g.single AND (t.rank, t.cause, t.scope) = (g.rank, g.cause, g.scope) AND t.kind = 'address'
        LIMIT 1
    ) single ON true
    LEFT JOIN queues_queueaddress address ON address.id = single.subject_id
    LEFT JOIN queues_queue queue ON queue.id = address.queue_id
    LEFT JOIN mailsettings_incomingserver home
        ON home.id = CASE WHEN g.scope LIKE 'server:%%' THEN substr(g.scope, 8)::uuid END
    LEFT JOIN LATERAL (
        SELECT count(*) AS addresses, count(DISTINCT found.queue_id) AS queues
        FROM (
            SELECT a.queue_id FROM trouble t JOIN queues_queueaddress a ON a.server_id = t.subject_id
            WHERE g.servers AND (t.rank, t.cause, t.scope) = (g.rank, g.cause, g.scope)
              AND t.kind = 'incoming_server' AND a.queue_id NOT IN (SELECT id FROM queues_queue WHERE NOT enabled)
              {addresses}
            UNION ALL
            SELECT t.home FROM trouble t
            WHERE g.rank = 0 AND (t.rank, t.cause, t.scope) = (g.rank, g.cause, g.scope) AND t.kind = 'address'
              AND NOT coalesce(t.server = ANY (ARRAY(
                  SELECT s.subject_id FROM trouble s
                  WHERE g.servers AND (s.rank, s.cause, s.scope) = (g.rank, g.cause, g.scope)
                    AND s.kind = 'incoming_server')), false)
            LIMIT %(most)s
        ) found
    ) stops ON true
    ORDER BY g.place
"""


# What is added for whoever is limited to queue groups.
OWN_WATCHES: Final = """AND (kind <> 'address' OR subject_id IN (
              SELECT box.id FROM queues_queueaddress box JOIN queues_queue own ON own.id = box.queue_id
              WHERE own.group_id = ANY(%(queue_groups)s)))"""
OWN_ADDRESSES: Final = "AND a.queue_id IN (SELECT id FROM queues_queue WHERE group_id = ANY(%(queue_groups)s))"


def reaches_of(groups: Sequence[Group], kinds: list[str], scope: Scope) -> list[Reach]:
    """Return how far each of the groups reaches among what is of these kinds and within the scope, in one query."""
    told: dict[str, Any] = {
        "ranks": [group.rank for group in groups],
        "causes": [group.cause for group in groups],
        "scopes": [group.scope for group in groups],
        "servers": [group.servers > 0 for group in groups],
        "single": [group.number == 1 for group in groups],
        "kinds": kinds,
        "today": timezone.localdate(),
        "most": MOST_COUNTED + 1,
        "queue_groups": list(scope.groups or ()),
    }
    with connection.cursor() as cursor:
        own = ("", "") if scope.is_whole else (OWN_WATCHES, OWN_ADDRESSES)
        cursor.execute(REACH.format(watches=own[0], addresses=own[1]), told)
        return [Reach(*row) for row in cursor.fetchall()]


def stopped_by(troubles: QuerySet[Watch], scope: Scope) -> QuerySet[QueueAddress]:
    """Return the addresses within the scope that stop: those that are broken, and those of servers that are."""
    held = {kind: troubles.filter(kind=kind).order_by().values("subject_id") for kind in Kind}
    of_servers = QueueAddress.objects.filter(server__in=held[Kind.INCOMING]).order_by().values("pk")
    # One after the other, since an OR of both reads every address there is.
    seen = QueueAddress.objects.visible_to(scope)
    return seen.filter(pk__in=held[Kind.ADDRESS].union(of_servers), queue__enabled=True)


def broken_by(kinds: list[str], within: Scope, **chosen: str) -> QuerySet[Watch]:
    """Return what is broken, of these kinds and within the reader's scope: all, or by the cause and scope chosen."""
    return counting(Watch.objects.visible_to(within).filter(kind__in=kinds, status="broken", **chosen))
