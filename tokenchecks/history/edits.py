"""The edits of a subject, read from the audit log: what changed before it broke."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import QuerySet
from django.utils.timesince import timesince

from configurator.audit.choices import Action
from configurator.audit.models import AuditEvent
from configurator.audit.words import changed_fields, label_of
from configurator.links import place
from tokenchecks.history.changed import ACTIONS, UNSENT
from tokenchecks.models import Kind, Span, Watch

# At most so many edits of an object are read; a timeline with more could not be read.
MOST = 200
MINUTE = 60
ACTS: Final[Mapping[str, str]] = {
    Action.CREATED: "Created",
    Action.SWITCHED: "Switched to the next secret",
    Action.ROLLED_BACK: "Rolled back to the previous secret",
}


@dataclass(frozen=True)
class Edit:
    """An edit of a subject, or of the server of an address; ``sent`` are the fields that may have broken it."""

    at: datetime
    by: str
    action: str
    of_server: bool
    fields: list[str]
    sent: list[str]
    event: int

    @classmethod
    def of(cls, event: AuditEvent, subject_kind: str) -> "Edit":
        names = changed_fields(event) if event.action == Action.CHANGED else []
        labels = {name: label_of(event.kind, name) for name in names}
        sent = [label for name, label in labels.items() if name not in UNSENT]
        return cls(
            event.at, event.actor_name, event.action, event.kind != subject_kind, list(labels.values()), sent, event.seq
        )

    @property
    def url(self) -> str:
        """The page of the event."""
        return place("console:audit_event", self.event)

    @property
    def may_break(self) -> bool:
        """Whether a field changed that is sent to Microsoft: a next secret that is only stored breaks nothing."""
        return self.action != Action.CHANGED or bool(self.sent)

    @property
    def said(self) -> str:
        """Who edited what, as the end of a sentence; fields that may have broken something come first."""
        whose = "its server" if self.of_server else "it"
        match self.action:
            case Action.CREATED:
                return f"{whose} was created by {self.by}"
            case Action.SWITCHED:
                return f"{self.by} switched {'its server ' * self.of_server}to the next secret"
            case Action.ROLLED_BACK:
                return f"{self.by} rolled {'its server ' * self.of_server}back to the previous secret"
        return f"an edit{' of its server' * self.of_server} by {self.by} ({', '.join(self.sent or self.fields)})"

    @property
    def what(self) -> str:
        """What was edited."""
        what = ACTS.get(self.action) or ", ".join(self.fields)
        return f"{what} (its server)" if self.of_server else what

    def before(self, moment: datetime) -> str:
        """Return how long before the moment it was: ``4 minutes after an edit by Ada (Client ID)``."""
        soon = (moment - self.at).total_seconds() < MINUTE
        lapse = "less than a minute" if soon else timesince(self.at, moment, depth=1)
        return f"{lapse} after {self.said}"


def edits_of(kind: str, subject_id: uuid.UUID, server_id: uuid.UUID | None, since: datetime | None) -> list[Edit]:
    """Return the edits of the subject, and of the server where one is given, oldest first, in one query."""
    events = _events(kind, subject_id, server_id, since)
    return sorted((Edit.of(event, kind) for event in events), key=lambda edit: edit.at)


def _events(
    kind: str, subject_id: uuid.UUID, server_id: uuid.UUID | None, since: datetime | None
) -> QuerySet[AuditEvent]:
    """Return the newest events of the subject and of its server; each part is read off the index by object."""
    parts = []
    for asked, pk in ((kind, subject_id), (Kind.INCOMING.value, server_id)):
        if pk:
            events = AuditEvent.objects.of_object(asked, pk).filter(action__in=(Action.CREATED, *ACTIONS))
            parts.append((events.filter(at__gte=since) if since else events)[:MOST])
    return parts[0].union(*parts[1:], all=True)


def edit_before(watch: Watch, edits: Iterable[Edit], otherwise: datetime | None) -> Edit | None:
    """Return the edit after which the current trouble began, None where none fits.

    ``otherwise`` is when a check last found another cause, or none.
    """
    if not (watch.since and watch.bad_samples):
        return None
    return last_before(watch.since, edits, max(filter(None, (watch.last_good_at, otherwise)), default=None))


def last_before(moment: datetime, edits: Iterable[Edit], after: datetime | None) -> Edit | None:
    """Return the last edit before the moment that may have broken it; None where it was still OK ``after`` that."""
    fitting = [edit for edit in edits if edit.may_break and edit.at <= moment and (after is None or edit.at >= after)]
    return max(fitting, key=lambda edit: edit.at, default=None)


def cause_of(number: int, spans: Sequence[Span], edits: Iterable[Edit]) -> Edit | None:
    """Return the edit after which the span began: the last one since another status was found."""
    span = spans[number]
    known = next((one for one in reversed(spans[:number]) if one.cause != span.cause), None)
    return last_before(span.since, edits, known.until if known else None) if span.since else None
