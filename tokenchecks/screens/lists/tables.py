"""The tables of watches, checks and addresses."""

from functools import lru_cache
from typing import Any

import django_tables2 as tables
from django.template.loader import render_to_string
from django.utils.html import format_html

from configurator.console.lists.cells import badge
from configurator.console.lists.columns import (
    GuidColumn,
    LinkColumn,
    RecordTable,
    StatusColumn,
    WhenColumn,
    YesNoColumn,
)
from configurator.links import place
from configurator.status import Status
from queues.models import Effective, QueueAddress
from tokenchecks.engine.explain.explanation import explain_cause
from tokenchecks.models import CheckRun, Kind, Watch
from tokenchecks.screens.lists.risk import risk_of
from tokenchecks.screens.panel import status_of
from tokenchecks.subjects.stored_rows import ENGINE_KIND

NUMBER = {"td": {"class": "number"}, "th": {"class": "number"}}
NAMED = {"td": {"class": "named"}}


class CheckRunTable(RecordTable):
    """Sorted by time alone, since there are so many."""

    status = tables.Column(verbose_name="Status", accessor="result__status", empty_values=())
    subject_name = LinkColumn(verbose_name="Of")
    code = tables.Column(verbose_name="Code", accessor="result__code", default="–")
    requested_at = WhenColumn(verbose_name="Asked for", orderable=True)
    requested_by = tables.Column(verbose_name="By")
    attempt = tables.Column(verbose_name="Attempt", attrs=NUMBER)

    class Meta(RecordTable.Meta):
        model = CheckRun
        fields = ("status", "subject_name", "kind", "code", "requested_at", "requested_by", "attempt")
        sequence = fields
        orderable = False

    def render_status(self, record: Any) -> str:
        return badge(status_of(record))


class RiskTable(RecordTable):
    status = StatusColumn("-status_since")
    address = LinkColumn(attrs={"td": {"class": "whole"}})
    queue = tables.Column(order_by="queue__name")
    server = tables.Column(order_by="server__name")
    why = tables.Column(verbose_name="Why it is at risk", empty_values=(), orderable=False)
    dry_run = tables.Column(verbose_name="Last dry run", empty_values=(), orderable=False)

    class Meta(RecordTable.Meta):
        model = QueueAddress
        fields = ("status", "address", "queue", "server", "why", "dry_run")
        sequence = fields

    def render_why(self, record: Any) -> str:
        return risk_of(record).why

    def render_dry_run(self, record: Any) -> str:
        return render_to_string("tokenchecks/risk_cell.html", {"address": record, "last": risk_of(record).last})


class AddressTable(RecordTable):
    status = tables.Column(order_by=("status", "-status_since"))
    address = LinkColumn(order_by="address_key", attrs={"td": {"class": "whole"}})
    queue = tables.Column(order_by=("queue__name", "address_key"), attrs=NAMED)
    server = tables.Column(order_by=("server__name", "address_key"), attrs=NAMED)
    authentication_type = tables.Column(
        accessor="server__get_authentication_type_display", verbose_name="Authentication Type", orderable=False
    )
    tenant = GuidColumn(accessor="server__tenant_id", verbose_name="Tenant ID", orderable=False)
    client_id = GuidColumn(accessor="server__client_id", verbose_name="Client ID", orderable=False)
    effective_priority = tables.Column(verbose_name="Priority", orderable=False, attrs=NUMBER)
    effective_language = tables.Column(verbose_name="Language", orderable=False)
    cause = tables.Column(empty_values=(), verbose_name="Cause", orderable=False, attrs=NAMED)
    sender = YesNoColumn(order_by=("sender", "address_key"))
    status_since = WhenColumn(verbose_name="Since")
    checked_at = WhenColumn(verbose_name="Checked")

    extra = ("account", "authentication_type", "effective_language", "sender", "tenant", "client_id", "status_since")

    class Meta(RecordTable.Meta):
        model = QueueAddress
        fields = (
            "status",
            "address",
            "queue",
            "account",
            "server",
            "authentication_type",
            "effective_priority",
            "effective_language",
            "cause",
            "checked_at",
            *("sender", "tenant", "client_id", "status_since"),
        )
        sequence = fields

    def render_status(self, record: Any) -> str:
        return badge(Status(record.status))

    def render_address(self, record: Any) -> str:
        link = self.columns["address"].column.render(record.address, record)
        if record.account.lower() == record.address.lower():
            return str(link)
        return format_html('{} <span class="summary">{}</span>', link, record.account)

    def render_server(self, value: Any) -> str:
        """Return the server, and beneath it how it signs in, for users who may view servers."""
        if "authentication_type" not in self.columns:
            return str(value)
        return format_html('{} <span class="summary">{}</span>', value, value.get_authentication_type_display())

    def render_effective_priority(self, value: Effective) -> str:
        return str(value.value)

    def render_effective_language(self, value: Effective) -> str:
        return str(value.value)

    def render_cause(self, record: Any) -> str:
        why = record.why or {}
        return cause_in_words(why.get("cause", ""), why.get("code", ""), Kind.ADDRESS)


class WatchTable(RecordTable):
    status = tables.Column(order_by=("rank", "-since"))
    name = tables.Column(attrs={"td": {"class": "whole"}})
    cause = tables.Column(verbose_name="Cause", orderable=False, attrs=NAMED)
    since = WhenColumn(verbose_name="Since")
    last_good_at = WhenColumn(verbose_name="Last good", orderable=False)
    checked_at = WhenColumn(verbose_name="Checked")
    due_at = WhenColumn("in", verbose_name="Next")

    class Meta(RecordTable.Meta):
        model = Watch
        fields = ("status", "name", "cause", "since", "last_good_at", "checked_at", "due_at")
        sequence = fields

    def render_status(self, value: str, record: Watch) -> str:
        return badge(Status(record.status))

    def render_name(self, record: Watch) -> str:
        """Link the name to the subject's page, while the row opens its history."""
        url = place("tokenchecks:subject", record.kind, record.subject_id)
        what = record.get_kind_display()
        return format_html('<a href="{}">{}</a><span class="summary">{}</span>', url, record.name, what)

    def render_cause(self, record: Watch) -> str:
        return cause_in_words(record.cause, record.code, record.kind)


@lru_cache(maxsize=1024)
def cause_in_words(cause: str, code: str, kind: str) -> str:
    """Return the cause, and beneath it who corrects it and the code; "" where nothing is wrong."""
    if not cause:
        return ""
    words = explain_cause(cause, ENGINE_KIND[kind])
    said = format_html(" · <code>{}</code>", code) if code else ""
    return format_html('{}<span class="summary">{}{}</span>', words.title, words.responsible, said)
