"""Dismissing a warning, with a reason and an end date, and taking that back."""

import uuid
from datetime import date
from typing import Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from configurator.accounts.actor import Actor
from configurator.audit.services import record
from health.alarms.ending import ENDED
from health.alarms.models import ENDING, Alarm, Dismissal, Topic
from health.alarms.models.dismissals import ALREADY, ERRORS_STAY
from health.alarms.services.dismissals_ending import end_dismissals
from tokenchecks.models import Kind, Watch
from tokenchecks.subjects.stored_rows import require_subjects

# Who may change a thing may dismiss a warning of it.
RIGHT: Final = {
    Kind.INCOMING.value: "incoming_server.modify",
    Kind.OUTGOING.value: "outgoing_server.modify",
    Kind.ADDRESS.value: "queue.modify",
    ENDING: "incoming_server.modify",
}
ENDS: Final = "secret_ends"


@transaction.atomic
def dismiss(*, actor: Actor, kind: str, subject_id: uuid.UUID, reason: str, until: date) -> Dismissal:
    """Let the warning that stands now count no more until that date; ValidationError for anything but a warning."""
    require_subjects(actor, RIGHT[kind], kind, subject_id)
    status, cause, name, band = _standing(kind, subject_id)
    if status != "warning":
        raise ValidationError(ERRORS_STAY)
    end_dismissals()
    try:
        with transaction.atomic():
            dismissal = Dismissal.objects.create(
                kind=kind,
                subject_id=subject_id,
                name=name,
                status=status,
                cause=cause,
                band=band,
                reason=reason,
                until=until,
                dismissed_by=actor.name,
            )
    except IntegrityError:
        raise ValidationError(ALREADY) from None
    _note(actor, "dismissed", dismissal)
    return dismissal


@transaction.atomic
def take_back(*, actor: Actor, pk: uuid.UUID) -> Dismissal | None:
    """Let the warning count again; None when it does already."""
    dismissal = Dismissal.objects.select_for_update().filter(pk=pk, ended_at__isnull=True).first()
    if dismissal is None:
        return None
    require_subjects(actor, RIGHT[dismissal.kind], dismissal.kind, dismissal.subject_id)
    Dismissal.objects.filter(pk=pk).update(ended_at=Now(), taken_back_by=actor.name)
    _note(actor, "taken back", dismissal)
    return dismissal


def _standing(kind: str, subject_id: uuid.UUID) -> tuple[str, str, str, int | None]:
    """Return status, cause, name and band of what is to be dismissed, locked."""
    if kind == ENDING:
        alarm = Alarm.objects.open().select_for_update().filter(topic=Topic.EXPIRY, pk=subject_id).first()
        if alarm is None:
            raise PermissionDenied
        return "broken" if alarm.band == ENDED else "warning", ENDS, alarm.name, alarm.band
    watch = Watch.objects.of(kind, subject_id).select_for_update().first()
    return (watch.status, watch.cause, watch.name, None) if watch else ("", "", "", None)


def _note(actor: Actor, action: str, dismissal: Dismissal) -> None:
    """Leave an event."""
    facts = {"cause": dismissal.cause, "reason": dismissal.reason, "until": dismissal.until}
    record(
        actor=actor,
        action=action,
        kind="warning",
        object_id=dismissal.subject_id,
        object_name=dismissal.name,
        before=facts if action == "taken back" else {},
        after={} if action == "taken back" else facts,
    )
