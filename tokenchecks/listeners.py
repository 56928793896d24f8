"""A save queues a check of what it touches, in the transaction of the save."""

import uuid

from configurator.audit.models import AuditEvent
from tokenchecks import services
from tokenchecks.models import Kind
from tokenchecks.targets import targets_of


def record_changed(event: AuditEvent) -> None:
    """Queue checks for a saved server or address; forget what waits for a deleted one."""
    if event.kind not in Kind.values:
        return
    subject = uuid.UUID(event.object_id)
    if event.action == "deleted":
        services.forget(event.kind, subject)
    else:
        services.checks_queue(targets=targets_of(event.kind, subject), requested_by=event.actor_name)
