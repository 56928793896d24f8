"""What changed since yesterday: who did what to what."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.urls import reverse
from django.utils import timezone

from configurator.accounts.audit_scope import RIGHT, seen_by
from configurator.accounts.models import User
from configurator.audit.choices import ACT_WORDS, KIND_WORDS, Action, Kind
from configurator.audit.models import AuditEvent
from configurator.audit.querysets import AuditEventQuerySet
from configurator.console.history.log import rows_url
from configurator.links import place
from health.problems.problems import Figure

SHOWN: Final = 8
# What is set up here; sign-ins, exports and the like stand in the audit log alone.
SET_UP: Final = (
    Kind.INCOMING_SERVER,
    Kind.OUTGOING_SERVER,
    Kind.QUEUE,
    Kind.ADDRESS,
    Kind.USER,
    Kind.ROLE,
    Kind.QUEUE_GROUP,
    Kind.IMPORT,
)
NO_CHANGE: Final = (Action.SIGNED_IN, Action.SIGNED_OUT, Action.REFUSED)


@dataclass(frozen=True)
class Change:
    """A change of the set-up, in the words of the audit log."""

    event: AuditEvent
    act: str
    kind: str

    @property
    def url(self) -> str:
        """The page of the change: field by field, of an import row by row."""
        is_import = self.event.action == Action.IMPORTED
        return rows_url(self.event) if is_import else place("console:audit_event", self.event.seq)


@dataclass(frozen=True)
class Changes:
    """The newest changes of the set-up, and how many events of any kind there were since."""

    newest: list[Change]
    all: Figure


def yesterday() -> date:
    """Return the first day whose changes are shown."""
    return timezone.localdate() - timedelta(days=1)


def events_since(user: User) -> AuditEventQuerySet:
    """Return all events that the user may see since the beginning of yesterday, an import as one where he sees it."""
    begin = timezone.make_aware(datetime.combine(yesterday(), time.min))
    events = AuditEvent.objects.filter(at__gte=begin)
    return seen_by(user, events.acts() if user.scope(RIGHT).is_whole else events)


def changes(user: User, number: str) -> Changes:
    """Return the newest changes of the set-up, with the number of all events and their list."""
    newest = events_since(user).filter(kind__in=SET_UP).exclude(action__in=NO_CHANGE).order_by("-at", "-seq")
    url = f"{reverse('console:audit_log')}?begin={yesterday()}"
    return Changes([_change(event) for event in newest[:SHOWN]], Figure(number, url))


def _change(event: AuditEvent) -> Change:
    """Return the event in words."""
    kind = KIND_WORDS.get(event.kind, event.kind)
    if event.action == Action.IMPORTED and event.after:
        kind = f"{kind} of {event.after.get('rows')} rows: {event.after.get('kind')}"
    return Change(event, ACT_WORDS.get(event.action, event.action), kind)
