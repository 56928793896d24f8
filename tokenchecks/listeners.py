"""A save queues a check of what it touches, in the transaction of the save."""

import uuid
from collections.abc import Sequence
from functools import partial

from django.db import transaction

from configurator.audit.choices import Action
from configurator.audit.models import AuditEvent
from configurator.audit.services import Act, Actor
from tokenchecks import services
from tokenchecks.history.changed import UNSENT
from tokenchecks.models import Kind
from tokenchecks.targets import targets_of, targets_of_many


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


def many_changed(actor: Actor, acts: Sequence[Act], about: uuid.UUID) -> None:
    """Queue checks for many saved addresses as one round, forget deleted ones, and watch what queues switch on or off.

    The round bears the id of the whole that the acts are a part of.  It is queued after the commit, so that nobody
    waits for it; what a lost worker leaves out is watched all the same, and checked when it is due.
    """
    of: dict[tuple[str, bool], list[uuid.UUID]] = {}
    for act in acts:
        of.setdefault((act.kind, act.action == Action.DELETED), []).append(uuid.UUID(act.object_id))
    if gone := of.get((Kind.ADDRESS, True)):
        services.forget_many(Kind.ADDRESS, gone)
    if changed := of.get(("queue", False)):
        services.watch(targets_of_many("queue", changed))
    if saved := of.get((Kind.ADDRESS, False)):
        transaction.on_commit(partial(_queue_part, about, actor.name, saved), robust=True)


def _queue_part(about: uuid.UUID, requested_by: str, saved: Sequence[uuid.UUID]) -> None:
    """Queue checks of the addresses as a part of the round."""
    services.round_extend(pk=about, requested_by=requested_by, targets=targets_of_many(Kind.ADDRESS, saved))
