"""A save looks at what it touches as soon as it is committed; what else it changes is found by the next look."""

import uuid
from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db import transaction

from configurator.audit.models import AuditEvent
from findings import services
from findings.kinds import KINDS

# An address that comes or goes changes what holds for the queue and the server that it names.
NAMED = {"queue": "queue", "server": "incoming_server"}
# A transaction that does more than this leaves it to the next look.
MOST = 200


def record_changed(event: AuditEvent) -> None:
    """Look at the object, and at what an address names before and after, once the save is committed."""
    if event.kind not in KINDS:
        return
    touched = {(event.kind, uuid.UUID(event.object_id))}
    if event.kind == "address":
        touched |= {*_named(event.before), *_named(event.after)}
    if len(transaction.get_connection().run_on_commit) > MOST:
        return
    for kind, pk in sorted(touched):
        # What cannot be written now, the next look writes.
        transaction.on_commit(partial(services.look_at, kind, pk), robust=True)


def _named(values: Any) -> Iterator[tuple[str, uuid.UUID]]:
    """Yield the queue and the server among an address's values."""
    for field, kind in NAMED.items():
        if related := (values or {}).get(field):
            yield kind, uuid.UUID(related["id"])
