"""Everything about one queue that a set-up sheet shows, without any secret."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from configurator.accounts.models import User
from configurator.console.templatetags.console import as_text
from health.findings.models import Finding
from mailsettings.models import OutgoingServer
from queues.forms import QueueForm
from queues.models import Queue, QueueAddress
from tokenchecks.models import CheckRun, Kind
from tokenchecks.screens.panel import Panel, panel_of

MOST_FINDINGS = 50


@dataclass(frozen=True)
class SheetAddress:
    """An address with its last check; None where the user may not view checks, or where none has run."""

    address: QueueAddress
    check: Panel | None

    @property
    def correlation_id(self) -> str:
        """The ID by which Microsoft finds the request of the last check."""
        result = getattr(self.check.run, "result", None) if self.check and self.check.run else None
        return result.correlation_id if result else ""


@dataclass(frozen=True)
class Sheet:
    """A queue, its addresses, the server that sends, and the findings on any of them."""

    queue: Queue
    addresses: list[SheetAddress]
    outgoing: OutgoingServer | None
    findings: list[Finding]

    @property
    def settings(self) -> list[tuple[str, str]]:
        """The queue's fields with their labels, in SC's order, as the page shows them read-only."""
        form = QueueForm(instance=self.queue)
        names = [name for block in form.blocks for name in block.fields if name in form.fields]
        return [(str(form[name].label), as_text(form[name])) for name in names]


def sheet_of(queue: Queue, user: User) -> Sheet:
    """Return the sheet as far as the user may view it; four queries."""
    addresses = list(queue.addresses.whole())
    checks = _checks([address.pk for address in addresses]) if user.may("token_check.view") else {}
    outgoing = OutgoingServer.objects.filter(enabled=True).first() if user.may("outgoing_server.view") else None
    about = {queue.pk, *(address.pk for address in addresses), *(address.server_id for address in addresses)}
    return Sheet(
        queue,
        [SheetAddress(address, _panel(checks.get(address.pk), address)) for address in addresses],
        outgoing,
        _findings(about | ({outgoing.pk} if outgoing else set()), user),
    )


def _checks(addresses: Collection[uuid.UUID]) -> dict[uuid.UUID, CheckRun]:
    """Return the newest check that ended of each address."""
    return CheckRun.objects.filter(result__isnull=False).newest(Kind.ADDRESS, addresses)


def _panel(run: CheckRun | None, address: QueueAddress) -> Panel | None:
    return panel_of(run, address) if run else None


def _findings(about: Collection[Any], user: User) -> list[Finding]:
    """Return the open findings on any of these that the user may view, the worst first."""
    found = Finding.objects.seen_by(user).open().filter(subject_id__in=about)
    return list(found.worst_first()[:MOST_FINDINGS])
