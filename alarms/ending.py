"""The secrets whose end is known: the one list that alarms, banner and start page are made from."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Q
from django.utils import timezone

from alarms.impact import counted
from configurator.vault.models import SealedSecret
from mailsettings.models import IncomingServer, OutgoingServer, days_until
from tokenchecks.models import Kind

# Somebody is told when so many days are left, and when none is.
BANDS: Final = (60, 30, 14, 7, 1)
ENDED: Final = 0

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
    """Yield each secret whose end is near or past, once, however many servers hold it; the earliest date counts."""
    soon = timezone.localdate() + timedelta(days=BANDS[0])
    known = IncomingServer.objects.select_related("secret")
    near = known.filter(secret_expires_on__lte=soon)
    shared = Q(secret__fingerprint__in=near.values("secret__fingerprint"), client_id__in=near.values("client_id"))
    holders: dict[str, list[IncomingServer]] = defaultdict(list)
    for server in known.filter(shared).order_by("name", "pk"):
        holders[_key_of(server.client_id, server.secret)].append(server)
    outgoing = OutgoingServer.objects.filter(enabled=True).select_related("password").first()
    for key, servers in holders.items():
        dates = [server.secret_expires_on for server in servers if server.secret_expires_on]
        if not dates or min(dates) > soon:
            continue
        held: list[tuple[Kind, Holder]] = [(Kind.INCOMING, server) for server in servers]
        if outgoing and key == _key_of(outgoing.server_user, outgoing.password):
            held.append((Kind.OUTGOING, outgoing))
        yield EndingSecret(key, min(dates), held)


def _key_of(client_id: object, sealed: SealedSecret | None) -> str:
    """Return what tells a secret of an app from every other."""
    text = f"{client_id} {sealed.fingerprint if sealed else ''}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]
