"""Bulk actions on incoming servers."""

import uuid
from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from configurator.accounts.actor import Actor
from configurator.console.bulk.actions import BulkAction, BulkList, RowPreview, Values, enter
from mailsettings import services
from mailsettings.filters import IncomingServerFilter
from mailsettings.models import IncomingServer

NAMED = 3


class DeleteServers(BulkAction):
    """Delete; a server that an address uses stays."""

    model = IncomingServer
    key, label, question = "delete", "Delete", "Delete {}"
    ahead, done = "Will be deleted", "Deleted"
    column, rights, danger = "What goes with it", ("incoming_server.delete",), True
    refused_in_short = "In use by addresses of queues. Give them another server or delete them first."

    def preview(self, actor: Actor, rows: Sequence[IncomingServer], values: Values) -> list[RowPreview]:
        """Refuse those in use, and name what uses them."""
        users = _users([row.pk for row in rows])
        return [_preview_row(row, *users.get(row.pk, (0, []))) for row in rows]

    def perform(self, actor: Actor, rows: Sequence[IncomingServer], values: Values) -> None:
        services.incoming_servers_delete(actor=actor, servers=rows)


def _preview_row(server: IncomingServer, used: int, named: list[str]) -> RowPreview:
    """Return what is deleted with the server, or what keeps it."""
    if used:
        more = f" and {used - len(named):,} more" if used > len(named) else ""
        return RowPreview(refused=f"In use by {', '.join(named)}{more}. Give them another server or delete them first.")
    secrets = [server.secret_id, server.next_secret_id, server.previous_secret_id]
    held = sum(secret is not None for secret in secrets)
    return RowPreview(f"{held} stored secret{'s' * (held > 1)}" if held else "nothing else", "Deleted")


def _users(servers: Sequence[uuid.UUID]) -> dict[uuid.UUID, tuple[int, list[str]]]:
    """Return for each server in use how many addresses use it, and the first of them with their queues."""
    used = IncomingServer.objects.filter(pk__in=servers, addresses__isnull=False).order_by()
    numbers = dict(used.values_list("pk").annotate(rows=Count("addresses")))
    place = Window(RowNumber(), partition_by=F("pk"), order_by="addresses__address_key")
    first = used.annotate(place=place).filter(place__lte=NAMED)
    named: dict[uuid.UUID, list[str]] = defaultdict(list)
    for pk, address, queue in first.values_list("pk", "addresses__address", "addresses__queue__name"):
        named[pk].append(f"{address} ({queue})")
    return {pk: (number, sorted(named[pk])) for pk, number in numbers.items()}


INCOMING = BulkList(
    "incoming-servers",
    IncomingServer,
    IncomingServerFilter,
    "incoming_server.view",
    "mailsettings:incoming_list",
    ("server", "servers"),
)
enter(DeleteServers())
