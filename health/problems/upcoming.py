"""What will break next: the days on which secrets end, and how much stops on each."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Self

from django.db import connection
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from configurator.accounts.models import User
from configurator.accounts.scope import Scope
from configurator.db.capped_count import MOST_COUNTED, statement_of
from health.problems.affected import boxes_within
from health.problems.problems import Figure, stopping
from mailsettings.models import OutgoingServer, days_until
from queues.impact.secrets import secrets
from queues.models import QueueAddress

AHEAD: Final = timedelta(days=60)
DAYS: Final = 10
# Of several dates of one secret the earliest counts, as in Secrets and Impact.
ENDING: Final = """
    WITH box (queue_id, server_id) AS NOT MATERIALIZED ({boxes}),
    held AS (
        SELECT s.id, s.name, s.client_id, coalesce(sealed.fingerprint, s.id::text) AS shared,
               min(s.secret_expires_on) OVER (
                   PARTITION BY s.client_id, coalesce(sealed.fingerprint, s.id::text)) AS day
        FROM mailsettings_incomingserver s LEFT JOIN vault_sealedsecret sealed ON sealed.id = s.secret_id
        WHERE s.client_id IN (
            SELECT client_id FROM mailsettings_incomingserver WHERE secret_expires_on <= %s)
    ), days AS (
        SELECT day, count(DISTINCT (client_id, shared)) AS secrets, min(name) AS name, array_agg(id) AS servers
        FROM held WHERE day <= %s GROUP BY day ORDER BY day LIMIT %s
    )
    SELECT days.day, days.secrets, days.name, stops.queues, stops.addresses
    FROM days CROSS JOIN LATERAL (
        SELECT count(*) AS addresses, count(DISTINCT found.queue_id) AS queues
        FROM (
            SELECT box.queue_id FROM box WHERE box.server_id = ANY(days.servers) LIMIT %s
        ) found
    ) stops
    ORDER BY days.day
"""


@dataclass(frozen=True)
class Ending:
    """A day on which secrets end, whose they are, and what stops, each figure with its list."""

    day: date
    secrets: Figure
    stops: list[Figure]

    @property
    def days_left(self) -> int:
        """Days until then, negative when it is over."""
        return days_until(self.day) or 0

    @classmethod
    def of_outgoing(cls, day: date) -> Self:
        """Return the day on which the outgoing server's secret ends."""
        url = reverse("mailsettings:outgoing")
        return cls(day, Figure("External Outgoing Mail Server", url), [Figure("all replies", url)])


def ending_days(user: User) -> list[Ending]:
    """Return the days until 60 days from now on which secrets of incoming servers end; the first ten, in one query."""
    last = timezone.localdate() + AHEAD
    boxes, params = statement_of(boxes_within(user.scope("queue.view")))
    with connection.cursor() as cursor:
        cursor.execute(ENDING.format(boxes=boxes), [*params, last, last, DAYS, MOST_COUNTED + 1])
        return [_ending(user, *row) for row in cursor.fetchall()]


def _ending(user: User, day: date, secrets: int, name: str, queues: int, addresses: int) -> Ending:
    """Return the day with its figures."""
    said = f"1 secret, of {name}" if secrets == 1 else f"{secrets:,} secrets"
    shown = addresses and user.may("queue.view")
    return Ending(
        day,
        Figure(said, f"{reverse('queues:secret_list')}?on={day}"),
        list(stopping(queues, addresses, day=day.isoformat())) if shown else [],
    )


def outgoing_end() -> QuerySet[OutgoingServer, Any]:
    """Return the day on which the outgoing server's secret ends, where that is near."""
    soon = OutgoingServer.objects.filter(enabled=True, password_expires_on__lte=timezone.localdate() + AHEAD)
    return soon.order_by().values("password_expires_on")


def stopped_on(day: date, scope: Scope) -> QuerySet[QueueAddress]:
    """Return the addresses within the scope that stop when the secrets of that day end."""
    ending: QuerySet[Any] = secrets()
    servers = [pk for row in ending.filter(ends_on=day) for pk in row["servers"]]
    return QueueAddress.objects.visible_to(scope).filter(server__in=servers, queue__enabled=True)
