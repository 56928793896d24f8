"""Findings as they are acknowledged, and when such an acknowledgement ends."""

import uuid
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef
from django.utils import timezone

from configurator.accounts.actor import Actor
from configurator.audit import choices
from health.acknowledgements.services import Subject, end
from health.findings.catalogue import catalogue
from health.findings.kinds import KINDS
from health.findings.models import Finding
from health.models import Acknowledgement
from queues.services import earlier_sender_drop

# What an acknowledgement does to the object of a rule's finding, in its transaction.
SETTLES: Final[Mapping[str, Callable[..., None]]] = {"address_earlier_sender": earlier_sender_drop}


class FindingSubject(Subject):
    """A finding; each method raises DoesNotExist when it is gone."""

    action = choices.Action.ACKNOWLEDGED
    audit_kind = choices.Kind.FINDING
    already = "Somebody has acknowledged this finding meanwhile."

    def __init__(self, pk: uuid.UUID) -> None:
        self.pk = pk

    @cached_property
    def finding(self) -> Finding:
        """The finding, locked; before its acknowledgement, as ``end_acknowledged`` locks them."""
        return Finding.objects.select_for_update().get(pk=self.pk)

    def require(self, actor: Actor) -> None:
        """Raise PermissionDenied unless the actor may change the object of the finding."""
        right = KINDS[self.finding.kind].modify_right
        actor.require(right)
        scope = actor.scope(right)
        if not scope.is_whole and not Finding.objects.visible_to(scope).filter(pk=self.pk).exists():
            raise PermissionDenied

    def draft(self) -> Acknowledgement:
        """Return an acknowledgement of the finding; ValidationError where it has one."""
        finding = self.finding
        if finding.acknowledgement_id:
            raise ValidationError(self.already)
        # That of an earlier finding of the same rule, which passed since the last call of ``end_acknowledged``.
        end(Acknowledgement.objects.of(finding.kind, finding.subject_id, finding.rule), _is_held())
        return Acknowledgement(
            kind=finding.kind,
            subject_id=finding.subject_id,
            rule=finding.rule,
            name=finding.name,
            status=finding.severity.value,
        )

    def attach(self, actor: Actor, acknowledgement: Acknowledgement | None) -> None:
        """Join it to the finding; the first time, do to the object what belongs to it."""
        Finding.objects.filter(pk=self.pk).update(acknowledgement=acknowledgement)
        settle = SETTLES.get(self.finding.rule)
        if acknowledgement and settle:
            settle(actor=actor, pk=self.finding.subject_id)

    def facts(self, acknowledgement: Acknowledgement) -> dict[str, Any]:
        """Return what the audit log tells of it."""
        until = {"until": acknowledgement.until} if acknowledgement.until else {}
        return {"finding": catalogue()[acknowledgement.rule].title, "reason": acknowledgement.reason} | until


def end_acknowledged() -> None:
    """Open the findings whose acknowledgement is over; end the acknowledgements of findings that are gone."""
    Finding.objects.filter(acknowledgement__until__lt=timezone.localdate()).update(acknowledgement=None)
    end(Acknowledgement.objects.of_findings(), _is_held())


def _is_held() -> Exists:
    return Exists(Finding.objects.filter(acknowledgement=OuterRef("pk")))
