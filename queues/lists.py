"""What the result list of queues counts."""

from configurator.console.status import Status
from queues.models import Queue
from queues.querysets import SEVERITY

STATUS_OF = {rank: status for status, rank in SEVERITY.items()} | {None: Status.UNCHECKED}


def queue_totals() -> list[tuple[Status, int]]:
    """Return ``(status, queues)`` for each state that occurs; a queue is as bad as its worst address."""
    ranks = Queue.objects.with_state().order_by().values_list("severity", flat=True)
    counted: dict[Status, int] = {}
    for rank in ranks:
        status = STATUS_OF[rank]
        counted[status] = counted.get(status, 0) + 1
    return [(status, counted[status]) for status in Status if status in counted]
