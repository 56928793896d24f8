"""The secrets whose end date is near or over, from which their alarms are made."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Q
from django.utils import timezone

from configurator.vault.models import SealedSecret
from health.alarms.impact import counted
from mailsettings.models import IncomingServer, OutgoingServer, days_until
from tokenchecks.models import Kind

# A notice is sent when so many days are left, and when none is.
BANDS: Final = (60, 30, 14, 7, 1)
ENDED: Final = 0
# The check's own warning of the same: it is not counted, since the alarm of the secret is.
ENDS_SOON: Final = "secret_ends_soon"

Holder = IncomingServer | OutgoingServer


@dataclass(frozen=True)
class EndingSecret:
    """A secret with the day on which it ends, and all that holds it."""

    key: str
    ends_on: date
    holders: list[tuple[Kind, Holder]]

    @property
    def band(self) -> int | None:
        """The narrowest band that the secret is in, None while its end is far off."""
        left = days_until(self.ends_on) or 0
        if left < 0:
            return ENDED
        return min((band for band in BANDS if left <= band), default=None)

    @property
    def name(self) -> str:
        """What holds the secret, in words."""
        first, *more = [str(holder) for _, holder in self.holders]
        return f"{first} and {counted(len(more), 'more server')}" if more else first


def ending_secrets() -> Iterator[EndingSecret]:
    """Yield each secret whose end is near or past, once, however many servers hold it.

    Of several dates the earliest counts.
    """
    soon = timezone.localdate() + timedelta(days=BANDS[0])
    holders = _holders(soon)
    secrets: dict[str, list[tuple[Kind, Holder]]] = defaultdict(list)
    days: dict[str, list[date]] = defaultdict(list)
    for kind, row in holders:
        client_id = row.client_id if isinstance(row, IncomingServer) else row.server_user
        key = _key_of(client_id, row.current.sealed)
        day = row.current.expires_on
        secrets[key].append((kind, row))
        days[key] += [day] if day else []
    for key, held in secrets.items():
        if days[key] and min(days[key]) <= soon:
            yield EndingSecret(key, min(days[key]), held)


def _holders(soon: date) -> list[tuple[Kind, Holder]]:
    """Return the servers whose secret may end by then, with those that share one of these secrets."""
    known = IncomingServer.objects.select_related("secret")
    near = known.filter(secret_expires_on__lte=soon)
    shared = Q(secret__fingerprint__in=near.values("secret__fingerprint"), client_id__in=near.values("client_id"))
    outgoing = OutgoingServer.objects.filter(enabled=True).select_related("password")
    return [
        *((Kind.INCOMING, server) for server in known.filter(shared).order_by("name", "pk")),
        *((Kind.OUTGOING, server) for server in outgoing),
    ]


def _key_of(client_id: object, sealed: SealedSecret | None) -> str:
    """Return what tells a secret of an app from every other."""
    text = f"{client_id} {sealed.fingerprint if sealed else ''}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]
