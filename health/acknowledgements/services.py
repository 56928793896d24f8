"""Acknowledging a finding or a warning, with a reason and an end date, and taking that back."""

from abc import ABC, abstractmethod
from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, Q
from django.db.models.functions import Now
from django.utils import timezone

from configurator.accounts.actor import Actor
from configurator.audit.choices import Action, Kind
from configurator.audit.services import record
from health.models import Acknowledgement
from health.querysets import AcknowledgementQuerySet


class Subject(ABC):
    """What is acknowledged, and how the audit log names it."""

    action: ClassVar[Action]
    audit_kind: ClassVar[Kind]
    already: ClassVar[str]

    @abstractmethod
    def require(self, actor: Actor) -> None:
        """Raise PermissionDenied unless the actor may change the object."""

    @abstractmethod
    def draft(self) -> Acknowledgement:
        """Lock it and return an unsaved acknowledgement of it; ValidationError where there can be none."""

    @abstractmethod
    def facts(self, acknowledgement: Acknowledgement) -> dict[str, Any]:
        """Return what the audit log tells of it."""

    @abstractmethod
    def attach(self, actor: Actor, acknowledgement: Acknowledgement | None) -> None:
        """Note the acknowledgement where it is read from, None when it is taken back."""


@transaction.atomic
def acknowledge(*, actor: Actor, subject: Subject, reason: str, until: date | None = None) -> Acknowledgement:
    """Let the finding or warning not count; ValidationError where it is acknowledged already, or broken."""
    subject.require(actor)
    acknowledgement = subject.draft()
    if not reason.strip():
        raise ValidationError({"reason": "Say why it may stay so."})
    acknowledgement.reason, acknowledgement.until, acknowledgement.acknowledged_by = reason, until, actor.name
    try:
        with transaction.atomic():
            acknowledgement.save(force_insert=True)
    except IntegrityError:
        raise ValidationError(subject.already) from None
    subject.attach(actor, acknowledgement)
    _record(actor, subject.action, subject, acknowledgement, after=subject.facts(acknowledgement))
    return acknowledgement


@transaction.atomic
def take_back(*, actor: Actor, subject: Subject, pk: Any) -> Acknowledgement | None:
    """Let the finding or warning count again; None when the acknowledgement with that key has ended."""
    subject.require(actor)
    acknowledgement = Acknowledgement.objects.open().select_for_update().filter(pk=pk).first()
    if acknowledgement is None:
        return None
    Acknowledgement.objects.filter(pk=pk).update(ended_at=Now(), taken_back_by=actor.name)
    subject.attach(actor, None)
    _record(actor, Action.TAKEN_BACK, subject, acknowledgement, before=subject.facts(acknowledgement))
    return acknowledgement


def end(acknowledgements: AcknowledgementQuerySet, unchanged: Exists | Q) -> None:
    """End those whose last day is over, and those of which ``unchanged`` does not hold."""
    over = ~Q(unchanged) | Q(until__lt=timezone.localdate())
    acknowledgements.open().filter(over).update(ended_at=Now())


def _record(actor: Actor, action: Action, subject: Subject, of: Acknowledgement, **facts: dict[str, Any]) -> None:
    record(
        actor=actor,
        action=action,
        kind=subject.audit_kind,
        object_id=of.subject_id,
        object_name=of.name,
        before=facts.get("before", {}),
        after=facts.get("after", {}),
    )
