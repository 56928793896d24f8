"""A save queues a check of what it touches, in the transaction of the save."""

import uuid

from configurator.audit.choices import Action
from configurator.audit.models import AuditEvent
from tokenchecks import services
from tokenchecks.history.changed import UNSENT
from tokenchecks.models import Kind
from tokenchecks.targets import targets_of


def record_changed(event: AuditEvent) -> None:
    """Queue checks for a saved server or address; forget what waits for one that is deleted or switched off."""
    if event.kind == "queue" and event.action == "changed":
        services.watch(targets_of(event.kind, uuid.UUID(event.object_id)))
    if event.kind not in Kind.values or event.action == Action.TEST_MAIL:
        return
    subject = uuid.UUID(event.object_id)
    targets = [] if event.action == "deleted" else targets_of(event.kind, subject)
    if targets and event.action != "created" and (event.after or {}).keys() <= UNSENT:
        return
    if targets:
        services.checks_queue(targets=targets, requested_by=event.actor_name)
    else:
        services.forget(event.kind, subject)
