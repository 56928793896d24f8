"""The result list of token checks."""

from typing import Any

import django_tables2 as tables
from django.template.loader import render_to_string

from configurator.console.columns import RecordTable, StatusColumn, WhenColumn
from queues.models import QueueAddress
from tokenchecks.models import CheckRun
from tokenchecks.panel import status_of
from tokenchecks.risk import risk_of


class CheckRunTable(RecordTable):
    """What came of it first, then of what, why, when and for whom."""

    status = tables.Column(verbose_name="Status", accessor="result__status", empty_values=())
    subject_name = tables.Column(verbose_name="Of", linkify=True)
    code = tables.Column(verbose_name="Code", accessor="result__code", default="–")
    requested_at = WhenColumn(verbose_name="Asked for")
    requested_by = tables.Column(verbose_name="By")
    attempt = tables.Column(verbose_name="Attempt", attrs={"td": {"class": "number"}, "th": {"class": "number"}})

    class Meta(RecordTable.Meta):
        model = CheckRun
        fields = ("status", "subject_name", "kind", "code", "requested_at", "requested_by", "attempt")
        sequence = fields

    def render_status(self, record: Any) -> str:
        """Render the badge: what came of the run, or that it is under way."""
        return render_to_string("console/badge.html", {"status": status_of(record)})


class RiskTable(RecordTable):
    """The address and how it stands, why it is at risk, and what its last dry run found."""

    status = StatusColumn()
    address = tables.Column(linkify=True)
    why = tables.Column(verbose_name="Why it is at risk", empty_values=(), orderable=False)
    dry_run = tables.Column(verbose_name="Last dry run", empty_values=(), orderable=False)

    class Meta(RecordTable.Meta):
        model = QueueAddress
        fields = ("status", "address", "queue", "server", "why", "dry_run")
        sequence = fields

    def render_why(self, record: Any) -> str:
        """Say why."""
        return risk_of(record).why

    def render_dry_run(self, record: Any) -> str:
        """Render what the last dry run found, and the link to another."""
        return render_to_string("tokenchecks/risk_cell.html", {"address": record, "last": risk_of(record).last})
