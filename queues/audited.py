"""The kinds of the audit log that are queues and their addresses."""

from typing import Any
from urllib.parse import urlencode

from configurator.audit.choices import Kind
from configurator.audit.registry import AuditedKind, Restore, register, stored_object
from configurator.audit.states import State
from configurator.console.objects.restore import own_page, version_query
from queues.models import Queue, QueueAddress


def _on_page_of_queue(row: QueueAddress | None, state: State) -> str:
    """Return the form of the address on its queue's page, "" where the queue was deleted."""
    queue: Any = stored_object(Kind.QUEUE, str(row.queue_id) if row else state.relation("queue"))
    query = {"address": str(row.pk) if row else "new"} | version_query(row, state)
    return f"{queue.get_absolute_url()}?{urlencode(query)}#numbers-addresses" if queue else ""


register(
    AuditedKind(
        Kind.QUEUE,
        Queue,
        "queue.view",
        restore=Restore("queue.modify", "queue.create", own_page("queues:queue_new")),
    ),
    AuditedKind(
        Kind.ADDRESS,
        QueueAddress,
        "queue.view",
        labels={"password": "E-Mail Password"},
        restore=Restore("queue.modify", "queue.modify", _on_page_of_queue),
    ),
)
