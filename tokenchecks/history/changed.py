"""The fields edited since a subject was last OK: evidence that tells causes apart."""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final

from configurator.audit.models import AuditEvent
from configurator.audit.words import changed_fields
from mailsettings.models.slots import TwoSlots
from tokenchecks.models import Kind, Watch

ACTIONS: Final = ("changed", "secret switched", "secret rolled back")
MOST = 2000
# Not sent to Microsoft: next and previous secrets, and dates.
UNSENT: Final = frozenset({*TwoSlots.slot_fields, "secret_expires_on", "password_expires_on"})
# From field names in the audit log to the engine's labels.
SENT: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    Kind.INCOMING: {
        "login_host": ("tenant",),
        "tenant_id": ("tenant",),
        "client_id": ("client_id",),
        "secret": ("secret",),
        "authentication_type": ("secret",),
    },
    Kind.OUTGOING: {"tenant": ("tenant",), "server_user": ("client_id",), "password": ("secret",)},
    Kind.ADDRESS: {
        "address": ("mailbox",),
        "account": ("account",),
        "password": ("password",),
        "sender": ("sender",),
        "server": ("tenant", "client_id", "secret"),
    },
}


def changed_since_good(kind: str, servers: Mapping[uuid.UUID, uuid.UUID | None]) -> dict[uuid.UUID, tuple[str, ...]]:
    """Return the sent fields that were edited since each subject was last OK, without those that never were; two
    queries.

    ``servers`` has the subjects of the kind, and for an address its server.
    """
    good = dict(
        Watch.objects.filter(kind=kind, subject_id__in=servers, last_good_at__isnull=False).values_list(
            "subject_id", "last_good_at"
        )
    )
    if not good:
        return {}
    own = {(kind, str(pk)): [pk] for pk in good}
    for pk in good:
        if servers[pk]:
            own.setdefault((Kind.INCOMING, str(servers[pk])), []).append(pk)
    edited: dict[uuid.UUID, set[str]] = {pk: set() for pk in good}
    for event in _events(own, min(moment for moment in good.values() if moment)):
        for pk in own.get((event.kind, event.object_id), ()):
            moment = good[pk]
            if moment and event.at > moment:
                edited[pk].update(_sent(event))
    return {pk: tuple(sorted(names)) for pk, names in edited.items()}


def _events(objects: Iterable[tuple[str, str]], since: datetime) -> Iterable[AuditEvent]:
    kinds, ids = zip(*objects, strict=True)
    events = AuditEvent.objects.filter(kind__in=set(kinds), object_id__in=ids, action__in=ACTIONS, at__gt=since)
    return events[:MOST]


def _sent(event: AuditEvent) -> Iterator[str]:
    """Yield the labels of the fields that are sent to Microsoft."""
    for name in changed_fields(event):
        yield from SENT[event.kind].get(name, ())
