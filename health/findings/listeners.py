"""The rules are applied to what a save touched once it is committed; what else changes is found within a minute."""

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import transaction

from configurator.audit.models import AuditEvent
from configurator.db.commit import after_commit
from health.findings import services
from health.findings.kinds import KINDS

# An address that comes or goes changes what holds for the queue and the server that it names.
NAMED = {"queue": "queue", "server": "incoming_server"}
# A transaction that does more than this leaves it to the task.
MOST = 200
MOST_AT_ONCE = 1000


def records_changed(events: Sequence[AuditEvent]) -> None:
    """Look at the objects, and at what addresses name before and after, once the save is committed."""
    touched: dict[str, set[uuid.UUID]] = defaultdict(set)
    for kind, pk in (item for event in events for item in _touched(event)):
        touched[kind].add(pk)
    many = sum(map(len, touched.values())) > MOST_AT_ONCE
    if many or len(transaction.get_connection().run_on_commit) > MOST:
        return
    for kind, pks in sorted(touched.items()):
        # What cannot be written now, the task writes.
        after_commit(services.reconcile_objects, kind, *sorted(pks))


def _touched(event: AuditEvent) -> Iterator[tuple[str, uuid.UUID]]:
    """Yield the object, and what an address names before and after."""
    if event.kind not in KINDS:
        return
    yield event.kind, uuid.UUID(event.object_id)
    if event.kind == "address":
        yield from _named(event.before)
        yield from _named(event.after)


def _named(values: Any) -> Iterator[tuple[str, uuid.UUID]]:
    """Yield the queue and the server among an address's values."""
    for field, kind in NAMED.items():
        if related := (values or {}).get(field):
            yield kind, uuid.UUID(related["id"])
