"""The result list of queues."""

from typing import Any

import django_tables2 as tables
from django.template.loader import render_to_string

from configurator.console.columns import RecordTable
from queues.lists import STATUS_OF
from queues.models import Queue


class QueueTable(RecordTable):
    """Status first, then what tells queues apart."""

    severity = tables.Column(verbose_name="Status", empty_values=())
    name = tables.Column(linkify=True)
    priority = tables.Column(attrs={"td": {"class": "number"}, "th": {"class": "number"}})
    enabled = tables.BooleanColumn(yesno="Yes,No")
    address_count = tables.Column(
        verbose_name="Addresses", attrs={"td": {"class": "number"}, "th": {"class": "number"}}
    )

    class Meta(RecordTable.Meta):
        model = Queue
        fields = ("severity", "name", "description", "language", "priority", "enabled", "address_count")
        sequence = fields

    def render_severity(self, record: Any) -> str:
        """Render the badge of the worst address."""
        return render_to_string("console/badge.html", {"status": STATUS_OF[record.severity]})
