"""What the result list of queues counts."""

from typing import Any

from django.db.models import Count

from configurator.console.status import Status
from queues.querysets import SEVERITY

STATUS_OF = {rank: status for status, rank in SEVERITY.items()} | {None: Status.UNCHECKED}


def queue_totals(queues: Any) -> list[tuple[Status, int]]:
    """Return ``(status, queues)`` for each state that occurs among queues read ``with_state()``."""
    ranks = queues.order_by().values_list("severity").annotate(rows=Count("pk"))
    counted = {STATUS_OF[rank]: rows for rank, rows in ranks}
    # A queue without an address has no rank, and is as little checked as one whose addresses were not.
    counted[Status.UNCHECKED] = sum(rows for rank, rows in ranks if STATUS_OF[rank] == Status.UNCHECKED)
    return [(status, counted[status]) for status in Status if counted.get(status)]
