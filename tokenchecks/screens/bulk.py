"""Check now, for many servers, queues or addresses."""

import uuid
from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import Count

from configurator.accounts.actor import Actor
from configurator.audit.models import AuditEvent
from configurator.console.bulk.actions import GONE, BulkAction, BulkList, Planned, RowPreview, Tell, Values, enter
from mailsettings.models import IncomingServer
from queues.models import Queue, QueueAddress
from tokenchecks.models import Kind
from tokenchecks.screens.lists.filters import AddressFilter
from tokenchecks.services.limits import TooManyChecks
from tokenchecks.services.rounds import round_begin
from tokenchecks.subjects.targets import seen_targets, targets_of_many

NOTHING = "It has no address yet: there is nothing to check."


class CheckNow(BulkAction):
    """Check now: one round for all of them, whose page follows."""

    key, label, question = "check-now", "Check now", "Check {} now"
    ahead, done = "Will be checked", "Asked for"
    column, rights = "Checks", ("token_check.run",)
    kind: ClassVar[str]

    def preview(self, actor: Actor, rows: Sequence[Any], values: Values) -> list[RowPreview]:
        return [RowPreview(after=_checks(1)) for _ in rows]

    def perform_all(
        self, actor: Actor, planned: Sequence[Planned], values: Values, events: list[AuditEvent], tell: Tell
    ) -> str:
        """Queue the checks as one round and return its page; nothing is changed, so versions do not matter."""
        pks = [item.pk for item in planned]
        there = set(self.model._default_manager.filter(pk__in=pks).values_list("pk", flat=True))
        targets = seen_targets(targets_of_many(self.kind, there), actor.scope("token_check.run"))
        begun, refused = "", ""
        try:
            begun = round_begin(actor=actor, targets=targets).get_absolute_url() if targets else ""
        except TooManyChecks as too_many:
            refused = str(too_many)
        for pk in pks:
            tell(pk, refused if pk in there else GONE)
        return begun


class CheckAddresses(CheckNow):
    model, kind = QueueAddress, Kind.ADDRESS

    def loaded(self, rows: Any) -> Any:
        """Load the queue, which is part of an address's name."""
        return rows.select_related("queue")


class CheckServers(CheckNow):
    model, kind = IncomingServer, Kind.INCOMING

    def preview(self, actor: Actor, rows: Sequence[IncomingServer], values: Values) -> list[RowPreview]:
        used = _addresses(actor, "server", rows)
        return [RowPreview(after=_checks(1 + used.get(row.pk, 0))) for row in rows]


class CheckQueues(CheckNow):
    model, kind = Queue, "queue"

    def preview(self, actor: Actor, rows: Sequence[Queue], values: Values) -> list[RowPreview]:
        used = _addresses(actor, "queue", rows)
        return [
            RowPreview(after=_checks(used[row.pk])) if row.pk in used else RowPreview(refused=NOTHING) for row in rows
        ]


def _addresses(actor: Actor, field: str, rows: Sequence[Any]) -> dict[uuid.UUID, int]:
    """Return for each row how many addresses that the actor may check have it in that field."""
    named = (
        QueueAddress.objects.visible_to(actor.scope("token_check.run"))
        .filter(**{f"{field}__in": [row.pk for row in rows]})
        .order_by()
    )
    return dict(named.values_list(field).annotate(rows=Count("pk")))


def _checks(number: int) -> str:
    return f"{number:,} check" + ("" if number == 1 else "s")


ADDRESSES = BulkList(
    "addresses", QueueAddress, AddressFilter, "queue.view", "tokenchecks:address_list", ("address", "addresses")
)
enter(CheckServers(), CheckQueues(), CheckAddresses(), first=True)
