"""Acknowledging a finding with a reason, and taking that back."""

import uuid
from collections.abc import Callable, Mapping
from typing import Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models.functions import Now

from configurator.accounts.actor import Actor
from configurator.audit.choices import Action, Kind
from configurator.audit.services import record
from health.findings.kinds import KINDS
from health.findings.models import Finding
from queues.services import earlier_sender_drop

# What an acknowledgement does to the object of a rule's finding, in its transaction.
SETTLES: Final[Mapping[str, Callable[..., None]]] = {"address_earlier_sender": earlier_sender_drop}
ALREADY = "Somebody has acknowledged this finding meanwhile."


@transaction.atomic
def acknowledge(*, actor: Actor, pk: uuid.UUID, reason: str) -> Finding:
    """Let the finding count as open no more; DoesNotExist when it went away, ValidationError when it is acknowledged.

    Who may change the object may acknowledge its findings.
    """
    finding = Finding.objects.select_for_update().get(pk=pk)
    _require(actor, finding)
    if finding.acknowledged_at:
        raise ValidationError(ALREADY)
    if not reason.strip():
        raise ValidationError({"reason": "Say why the finding may stand."})
    Finding.objects.filter(pk=pk).update(acknowledged_at=Now(), acknowledged_by=actor.name, reason=reason)
    if settle := SETTLES.get(finding.rule):
        settle(actor=actor, pk=finding.subject_id)
    _note(actor, Action.ACKNOWLEDGED, finding, after=_facts(finding, reason))
    return finding


@transaction.atomic
def take_back(*, actor: Actor, pk: uuid.UUID) -> Finding:
    """Let the finding count as open again; DoesNotExist when it went away. Nothing happens when it is open."""
    finding = Finding.objects.select_for_update().get(pk=pk)
    _require(actor, finding)
    if finding.acknowledged_at:
        Finding.objects.filter(pk=pk).update(acknowledged_at=None, acknowledged_by="", reason="")
        _note(actor, Action.TAKEN_BACK, finding, before=_facts(finding, finding.reason))
    return finding


def _require(actor: Actor, finding: Finding) -> None:
    """Raise PermissionDenied unless the actor may change the object of the finding."""
    right = KINDS[finding.kind].modify_right
    actor.require(right)
    scope = actor.scope(right)
    if not scope.is_whole and not Finding.objects.visible_to(scope).filter(pk=finding.pk).exists():
        raise PermissionDenied


def _facts(finding: Finding, reason: str) -> dict[str, str]:
    """Return what the trail tells."""
    return {"finding": finding.about.title, "reason": reason}


def _note(
    actor: Actor,
    action: Action,
    finding: Finding,
    *,
    before: dict[str, str] | None = None,
    after: dict[str, str] | None = None,
) -> None:
    """Leave an event."""
    record(
        actor=actor,
        action=action,
        kind=Kind.FINDING,
        object_id=finding.subject_id,
        object_name=finding.name,
        before=before or {},
        after=after or {},
    )
