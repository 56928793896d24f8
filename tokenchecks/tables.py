"""The result lists of what is watched, and of single checks."""

from typing import Any

import django_tables2 as tables
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html

from configurator.console.cells import badge
from configurator.console.columns import RecordTable, StatusColumn, WhenColumn
from configurator.console.status import Status
from queues.models import QueueAddress
from tokenchecks.engine.explain import explain_cause
from tokenchecks.models import CheckRun, Watch
from tokenchecks.panel import status_of
from tokenchecks.risk import risk_of
from tokenchecks.subjects import ENGINE_KIND


class CheckRunTable(RecordTable):
    """What came of it first, then of what, why, when and for whom; of so many that time alone sorts them."""

    status = tables.Column(verbose_name="Status", accessor="result__status", empty_values=())
    subject_name = tables.Column(verbose_name="Of", linkify=True)
    code = tables.Column(verbose_name="Code", accessor="result__code", default="–")
    requested_at = WhenColumn(verbose_name="Asked for", orderable=True)
    requested_by = tables.Column(verbose_name="By")
    attempt = tables.Column(verbose_name="Attempt", attrs={"td": {"class": "number"}, "th": {"class": "number"}})

    class Meta(RecordTable.Meta):
        model = CheckRun
        fields = ("status", "subject_name", "kind", "code", "requested_at", "requested_by", "attempt")
        sequence = fields
        orderable = False

    def render_status(self, record: Any) -> str:
        """Render the badge: what came of the run, or that it is under way."""
        return badge(status_of(record))


class RiskTable(RecordTable):
    """The address and how it stands, why it is at risk, and what its last dry run found."""

    status = StatusColumn("-status_since")
    address = tables.Column(linkify=True)
    queue = tables.Column(order_by="queue__name")
    server = tables.Column(order_by="server__name")
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


class WatchTable(RecordTable):
    """How each stands and why, since when, and when it is looked at."""

    status = tables.Column(order_by=("rank", "-since"))
    name = tables.Column(attrs={"td": {"class": "wide"}})
    cause = tables.Column(verbose_name="Cause", orderable=False, attrs={"td": {"class": "wide"}})
    since = WhenColumn(verbose_name="Since")
    last_good_at = WhenColumn(verbose_name="Last good", orderable=False)
    checked_at = WhenColumn(verbose_name="Checked")
    due_at = WhenColumn("in", verbose_name="Next")

    class Meta(RecordTable.Meta):
        model = Watch
        fields = ("status", "name", "cause", "since", "last_good_at", "checked_at", "due_at")
        sequence = fields

    def render_status(self, value: str, record: Watch) -> str:
        """Render the badge."""
        return badge(Status(record.status))

    def render_name(self, record: Watch) -> str:
        """Link the name to the subject's own page, while the row opens its history; beneath it what it is."""
        url = reverse("tokenchecks:subject", args=[record.kind, record.subject_id])
        what = record.get_kind_display()
        return format_html('<a href="{}">{}</a><span class="summary">{}</span>', url, record.name, what)

    def render_cause(self, record: Watch) -> str:
        """Return the cause in words, and beneath it who mends it and its code."""
        if not record.cause:
            return ""
        words = explain_cause(record.cause, ENGINE_KIND[record.kind])
        code = format_html(" · <code>{}</code>", record.code) if record.code else ""
        return format_html('{}<span class="summary">{}{}</span>', words.title, words.mended_by, code)
