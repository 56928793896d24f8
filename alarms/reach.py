"""How far a cause reaches: what it is called after, and what stops. The database counts, and no further than 1,001."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from alarms.troubles import counting
from configurator.console.counting import MOST_COUNTED
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
                AND d.ended_at IS NULL AND d.until >= %(today)s))
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
            UNION ALL
            SELECT t.home FROM trouble t
            WHERE g.rank = 0 AND (t.rank, t.cause, t.scope) = (g.rank, g.cause, g.scope) AND t.kind = 'address'
              AND NOT EXISTS (
                  SELECT 1 FROM trouble s
                  WHERE g.servers AND s.subject_id = t.server AND s.kind = 'incoming_server'
                    AND (s.rank, s.cause, s.scope) = (g.rank, g.cause, g.scope))
            LIMIT %(most)s
        ) found
    ) stops ON true
    ORDER BY g.place
"""


def reaches_of(groups: Sequence[Group], kinds: list[str]) -> list[Reach]:
    """Return how far each of the groups reaches among what is of these kinds, in one query."""
    told: dict[str, Any] = {
        "ranks": [group.rank for group in groups],
        "causes": [group.cause for group in groups],
        "scopes": [group.scope for group in groups],
        "servers": [group.servers > 0 for group in groups],
        "single": [group.number == 1 for group in groups],
        "kinds": kinds,
        "today": timezone.localdate(),
        "most": MOST_COUNTED + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(REACH, told)
        return [Reach(*row) for row in cursor.fetchall()]


def stopped_by(troubles: QuerySet[Watch]) -> QuerySet[QueueAddress]:
    """Return the addresses that stop with what is broken: those that are, and those of servers that are."""
    held = {kind: troubles.filter(kind=kind).order_by().values("subject_id") for kind in Kind}
    of_servers = QueueAddress.objects.filter(server__in=held[Kind.INCOMING]).order_by().values("pk")
    # One after the other, since an OR of both reads every address there is.
    return QueueAddress.objects.filter(pk__in=held[Kind.ADDRESS].union(of_servers), queue__enabled=True)


def broken_by(kinds: list[str], **chosen: str) -> QuerySet[Watch]:
    """Return what is broken, of these kinds, all of it or by the cause and in the scope chosen."""
    return counting(Watch.objects.filter(kind__in=kinds, status="broken", **chosen))
