"""Warnings as they are acknowledged, and when such an acknowledgement ends."""

import uuid
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef, Q

from configurator.accounts.actor import Actor
from configurator.audit import choices
from health.acknowledgements.services import Subject, end
from health.alarms.ending import ENDED
from health.alarms.models import ENDING, Alarm, Topic
from health.models import ERRORS_STAY, Acknowledgement
from tokenchecks.models import Kind, Watch
from tokenchecks.subjects.stored_rows import require_subjects

# The right to change an object includes its warnings.
RIGHT: Final = {
    Kind.INCOMING.value: "incoming_server.modify",
    Kind.OUTGOING.value: "outgoing_server.modify",
    Kind.ADDRESS.value: "queue.modify",
    ENDING: "incoming_server.modify",
}
ENDS: Final = "secret_ends"


@dataclass(frozen=True)
class WarningSubject(Subject):
    """The warning of what is checked, or with the kind ``ENDING`` the alarm of a secret's end date."""

    kind: str
    subject_id: uuid.UUID

    action = choices.Action.DISMISSED
    audit_kind = choices.Kind.WARNING
    already = "This warning is dismissed already."

    def require(self, actor: Actor) -> None:
        """Raise PermissionDenied unless the actor may change the object."""
        require_subjects(actor, RIGHT[self.kind], self.kind, self.subject_id)

    def draft(self) -> Acknowledgement:
        """Return an acknowledgement of the warning, locked; ValidationError for anything but a warning."""
        end_warnings()
        draft = self._of_alarm() if self.kind == ENDING else self._of_watch()
        if draft.status != "warning":
            raise ValidationError(ERRORS_STAY)
        draft.kind, draft.subject_id = self.kind, self.subject_id
        return draft

    def _of_alarm(self) -> Acknowledgement:
        alarm = Alarm.objects.open().select_for_update().filter(topic=Topic.EXPIRY, pk=self.subject_id).first()
        if alarm is None:
            raise PermissionDenied
        status = "broken" if alarm.band == ENDED else "warning"
        return Acknowledgement(status=status, cause=ENDS, name=alarm.name, band=alarm.band)

    def _of_watch(self) -> Acknowledgement:
        watch = Watch.objects.of(self.kind, self.subject_id).select_for_update().first()
        if watch is None:
            return Acknowledgement()
        return Acknowledgement(status=watch.status, cause=watch.cause, name=watch.name)

    def attach(self, actor: Actor, acknowledgement: Acknowledgement | None) -> None:
        """Leave the watch as it is: ``counting`` looks the acknowledgement up."""

    def facts(self, acknowledgement: Acknowledgement) -> dict[str, Any]:
        """Return what the audit log tells of it."""
        return {name: getattr(acknowledgement, name) for name in ("cause", "reason", "until")}


def end_warnings() -> None:
    """End the acknowledgements of warnings that are over, or have another cause or band."""
    same = Watch.objects.filter(
        kind=OuterRef("kind"), subject_id=OuterRef("subject_id"), status="warning", cause=OuterRef("cause")
    )
    band = Alarm.objects.open().filter(pk=OuterRef("subject_id"), band=OuterRef("band"))
    unchanged = (~Q(kind=ENDING) & Exists(same)) | (Q(kind=ENDING) & Exists(band))
    end(Acknowledgement.objects.of_warnings(), unchanged)
