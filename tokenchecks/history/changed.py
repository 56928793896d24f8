"""What was changed here since a subject was last found good: evidence that tells causes apart."""

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
# What nobody sends anywhere: the next and previous secret, and dates.
UNSENT: Final = frozenset({*TwoSlots.slot_fields, "secret_expires_on", "password_expires_on"})
# The trail's names of what is sent, in the words of the engine's labels.
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
    """Return what that is sent was edited since each subject was last found good; those that never were are left out.

    ``servers`` names the subjects of the kind, and for an address the server that it is read through.  Two queries.
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
    """Return the edits of the objects since then."""
    kinds, ids = zip(*objects, strict=True)
    events = AuditEvent.objects.filter(kind__in=set(kinds), object_id__in=ids, action__in=ACTIONS, at__gt=since)
    return events[:MOST]


def _sent(event: AuditEvent) -> Iterator[str]:
    """Yield what of the edit concerns what is sent to Microsoft."""
    for name in changed_fields(event):
        yield from SENT[event.kind].get(name, ())
