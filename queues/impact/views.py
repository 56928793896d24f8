"""Secrets and Impact: which queues and addresses stop with which secret, and when."""

from typing import Any

from django.db.models import QuerySet, Subquery
from django.shortcuts import get_object_or_404

from configurator.accounts.models import User
from configurator.console.lists.views import RecordList
from configurator.db.capped_count import MOST_COUNTED, UpTo, status_totals
from mailsettings.impact import Use, stops
from mailsettings.models import IncomingServer, OutgoingServer, days_until
from queues.exports import SECRET_EXPORT, STOPPED_EXPORT
from queues.filters import SecretFilter, StoppedFilter
from queues.impact.secrets import secrets, sharing, uses_of, with_uses
from queues.models import QueueAddress
from queues.querysets import QueueAddressQuerySet
from queues.tables import SecretTable, StoppedTable


class SecretList(RecordList):
    model = IncomingServer
    table_class = SecretTable
    filterset_class = SecretFilter
    export = SECRET_EXPORT
    template_name = "queues/secrets.html"
    list_url = "queues:secret_list"
    right = "incoming_server.view"
    empty = ("No incoming mail server yet, so nothing can stop.", "")

    def get_queryset(self) -> QuerySet[IncomingServer, dict[str, Any]]:
        return secrets()

    def get_table(self, **kwargs: Any) -> Any:
        """Add to the rows of the page what depends on each."""
        table = super().get_table(**kwargs)
        rows = [row.record for row in table.page.object_list]
        uses = uses_of(rows, self.scope("queue.view"))
        for row in rows:
            row["use"] = uses.get(row["servers"][0], Use())
            row["days_left"] = days_until(row["ends_on"])
        return table

    def exported(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Add to all rows at once what depends on each."""
        return with_uses(rows, self.scope("queue.view"))

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Add the outgoing server, whose secret stops all that is sent."""
        base = super().get_context_data(**context)
        if not self.may("outgoing_server.view"):
            return base | {"outgoing": None}
        paginator, enabled = base["table"].paginator, OutgoingServer.objects.filter(enabled=True)
        shown = {name: Subquery(enabled.values(name)[:1]) for name in ("pk", "status", "password_expires_on")}
        # One query for what the page shows of that server and for the number of secrets; the reader is there for sure.
        reader: Any = User.objects.filter(pk=self.person.pk).values(
            secrets=UpTo(paginator.found, MOST_COUNTED), **{f"outgoing_{name}": asked for name, asked in shown.items()}
        )
        found = reader.get()
        paginator.count = found["secrets"]
        server = OutgoingServer(**{name: found[f"outgoing_{name}"] for name in shown})
        return base | {"outgoing": server if found["outgoing_pk"] else None}


class Impact(RecordList):
    """The addresses that stop with the secret of one server, and of those that share it."""

    model = QueueAddress
    table_class = StoppedTable
    filterset_class = StoppedFilter
    export = STOPPED_EXPORT
    template_name = "queues/impact.html"
    list_url = "queues:secret_list"
    right = "incoming_server.view"
    empty = ("No address of a queue is read through it, so nothing stops.", "")
    own_empty = "None of the addresses of your queues is read through it."

    def test_func(self) -> bool:
        """Tell whether the user may view servers and queues."""
        return super().test_func() and self.may("queue.view")

    def get_queryset(self) -> QuerySet[QueueAddress]:
        """Return the addresses on the servers."""
        slots = IncomingServer.objects.select_related("secret").defer("secret__envelope")
        self.server = get_object_or_404(slots, pk=self.kwargs["pk"])
        self.servers = list(sharing(self.server))
        return self.stopped().select_related("queue", "server").order_by("queue__name", "address_key")

    def export_name(self) -> str:
        """Return whose impact it is."""
        return f"Impact of {self.server}"

    def stopped(self) -> QueueAddressQuerySet:
        """Return the addresses that stop."""
        return QueueAddress.objects.visible_to(self.scope("queue.view")).filter(
            server__in=[server.pk for server in self.servers]
        )

    def totals(self) -> dict[Any, int]:
        """Return the number of addresses in each state."""
        return status_totals(self.found(self.stopped()))

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Say what stops when."""
        ends_on = min((item.secret_expires_on for item in self.servers if item.secret_expires_on), default=None)
        use = self.stopped().use()
        return super().get_context_data(**context) | {
            "server": self.server,
            "servers": self.servers,
            "sentence": stops(
                use, ends_on, with_secret=bool(self.server.secret), whole=self.scope("queue.view").is_whole
            ),
        }
