"""The result lists of queues, and of secrets with what stops with them."""

from typing import Any

import django_tables2 as tables
from django.db.models import F
from django.urls import reverse
from django.utils.html import format_html

from configurator.console.lists.cells import badge
from configurator.console.lists.columns import (
    ExpiryColumn,
    GuidColumn,
    LinkColumn,
    RecordTable,
    StatusColumn,
    YesNoColumn,
)
from configurator.status import GRAVITY
from queues.models import Queue, QueueAddress

SHARING_NAMED = 3
NUMBER = {"td": {"class": "number"}, "th": {"class": "number"}}


class QueueTable(RecordTable):
    status = StatusColumn("name")
    name = LinkColumn()
    description = tables.Column(orderable=False)
    language = tables.Column(order_by=("language", "name"))
    group = tables.Column(orderable=False)
    priority = tables.Column(attrs=NUMBER, order_by=("priority", "name"))
    enabled = YesNoColumn(order_by=("enabled", "name"))
    address_count = tables.Column(verbose_name="Addresses", attrs=NUMBER)

    extra = ("group",)

    class Meta(RecordTable.Meta):
        model = Queue
        fields = ("status", "name", "description", "language", "group", "priority", "enabled", "address_count")
        sequence = fields


class SecretTable(tables.Table):
    status = tables.Column(accessor="rank", orderable=False)
    ends_on = ExpiryColumn(verbose_name="Ends")
    names = tables.Column(verbose_name="Servers", orderable=False)
    client_id = GuidColumn(verbose_name="Client ID", orderable=False)
    fingerprint = tables.Column(verbose_name="Fingerprint", default="No secret: OAuth User", orderable=False)
    queues = tables.Column(accessor="use__queues", verbose_name="Queues", attrs=NUMBER, orderable=False)
    addresses = tables.Column(accessor="use__addresses", verbose_name="Addresses", attrs=NUMBER, orderable=False)

    class Meta(RecordTable.Meta):
        row_attrs = {"data-href": lambda record: reverse("queues:impact", args=[record["servers"][0]])}
        order_by_field = "sort"

    def render_status(self, value: int) -> str:
        """Render the badge of the worst server."""
        return badge(GRAVITY[value])

    def render_names(self, value: list[str], record: dict[str, Any]) -> str:
        """Link the first server, followed by those that share its secret."""
        first, *others = value
        more = f" and more: {len(value)} servers" if len(others) > SHARING_NAMED else ""
        shared = format_html(" <small>shared with {}{}</small>", ", ".join(others[:SHARING_NAMED]), more)
        url = reverse("queues:impact", args=[record["servers"][0]])
        return format_html('<a href="{}">{}</a>{}', url, first, shared if others else "")

    def render_fingerprint(self, value: str) -> str:
        return format_html("<code>{}</code>", value)

    def order_ends_on(self, queryset: Any, is_descending: bool) -> tuple[Any, bool]:  # noqa: FBT001  django-tables2 calls it
        """Sort by the end; what has none comes last either way."""
        end = F("ends_on").desc(nulls_last=True) if is_descending else F("ends_on").asc(nulls_last=True)
        return queryset.order_by(end, "client_id"), True


class StoppedTable(RecordTable):
    status = StatusColumn("-status_since")
    address = LinkColumn()
    queue = tables.Column(order_by="queue__name")
    server = tables.Column(order_by="server__name")

    class Meta(RecordTable.Meta):
        model = QueueAddress
        fields = ("status", "queue", "address", "server")
        sequence = fields
