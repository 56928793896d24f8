"""The result list of queues."""

import django_tables2 as tables

from configurator.console.columns import RecordTable, StatusColumn
from queues.models import Queue


class QueueTable(RecordTable):
    """Status first, then what tells queues apart."""

    status = StatusColumn()
    name = tables.Column(linkify=True)
    priority = tables.Column(attrs={"td": {"class": "number"}, "th": {"class": "number"}})
    enabled = tables.BooleanColumn(yesno="Yes,No")
    address_count = tables.Column(
        verbose_name="Addresses", attrs={"td": {"class": "number"}, "th": {"class": "number"}}
    )

    class Meta(RecordTable.Meta):
        model = Queue
        fields = ("status", "name", "description", "language", "priority", "enabled", "address_count")
        sequence = fields
