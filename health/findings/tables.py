"""The result list of findings."""

from typing import Any

import django_tables2 as tables
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.html import format_html

from configurator.console.lists.cells import badge
from configurator.console.lists.columns import RecordTable, WhenColumn
from health.findings.kinds import KINDS
from health.findings.models import Finding


class FindingTable(RecordTable):
    """How grave, of what, what is wrong and what to do, since when, and who acknowledged it."""

    severity = tables.Column(accessor="rank", verbose_name="Severity", order_by=("rank", "rule", "name"))
    name = tables.Column(verbose_name="Of", attrs={"td": {"class": "wide"}}, order_by=("name", "rank"))
    what = tables.Column(
        empty_values=(), verbose_name="What was found", orderable=False, attrs={"td": {"class": "wide"}}
    )
    remedy = tables.Column(empty_values=(), verbose_name="What to do", orderable=False, attrs={"td": {"class": "wide"}})
    found_at = WhenColumn(verbose_name="Since")
    acknowledged = tables.Column(empty_values=(), verbose_name="Acknowledged", orderable=False)

    class Meta(RecordTable.Meta):
        model = Finding
        fields = ("severity", "name", "what", "remedy", "found_at", "acknowledged")
        sequence = fields

    def render_severity(self, record: Finding) -> str:
        """Render the badge."""
        return badge(record.severity)

    def render_name(self, record: Finding) -> str:
        """Link the object, and beneath it say what it is."""
        kind = KINDS[record.kind].label
        return format_html(
            '<a href="{}">{}</a><span class="summary">{}</span>', record.get_absolute_url(), record.name, kind
        )

    def render_what(self, record: Finding) -> str:
        """Return what was found, its detail, and why that matters."""
        why = f"{record.detail}. {record.about.reason}" if record.detail else record.about.reason
        return format_html('{}<span class="summary text-body-secondary">{}</span>', record.about.title, why)

    def render_remedy(self, record: Finding) -> str:
        """Return what to do."""
        return record.about.remedy

    def render_acknowledged(self, record: Any) -> str:
        """Say by whom, when and why, with the way back; or lead to acknowledging it, for those who may."""
        user = self.request.user
        may = user.may(KINDS[record.kind].modify_right)
        context = {"finding": record, "may": may, "csrf_token": get_token(self.request)}
        return render_to_string("findings/acknowledged_cell.html", context)
