"""What an alarm is about, with links, for its page."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.urls import reverse

from configurator.accounts.scope import Scope
from health.alarms.models import Alarm, AlarmSubject
from queues.models import QueueAddress
from tokenchecks.models import Kind

SHOWN = 200


@dataclass(frozen=True)
class Shown:
    """A subject and where it is, "" when it was deleted."""

    subject: AlarmSubject
    url: str


def subjects_of(alarm: Alarm, kinds: Collection[str], scope: Scope) -> list[Shown]:
    """Return the first of what the alarm is about, of these kinds and within the scope; what it holds comes first."""
    rows = list(
        AlarmSubject.objects.visible_to(scope)
        .filter(alarm=alarm, kind__in=kinds)
        .order_by("left", "-kind", "name")[:SHOWN]
    )
    addresses_shown = [row.subject_id for row in rows if row.kind == Kind.ADDRESS]
    addresses = QueueAddress.objects.select_related("queue").in_bulk(addresses_shown)
    return [Shown(row, url_of(row.kind, row.subject_id, addresses)) for row in rows]


def url_of(kind: str, subject_id: uuid.UUID, addresses: dict[uuid.UUID, QueueAddress]) -> str:
    """Return where a server or address is."""
    if kind == Kind.ADDRESS:
        return addresses[subject_id].get_absolute_url() if subject_id in addresses else ""
    if kind == Kind.OUTGOING:
        return reverse("mailsettings:outgoing")
    return reverse("mailsettings:incoming", args=[subject_id])
