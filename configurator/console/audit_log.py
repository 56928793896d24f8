"""The screen Audit Log; it stands here since audit is a floor below the console."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.utils.html import format_html, format_html_join

from configurator.audit.choices import Action, Kind
from configurator.audit.models import AuditEvent
from configurator.console.audit_words import changed_fields, in_words, plain
from configurator.console.columns import WhenColumn
from configurator.console.exports.audit import AUDIT_EXPORT
from configurator.console.filters import RecordFilter
from configurator.console.lists import RecordList


class AuditFilter(RecordFilter):
    """Search by name; filter by what was done to what."""

    placeholder = "who, what"
    kind = django_filters.ChoiceFilter(label="Of", choices=Kind.choices, empty_label="Anything")
    action = django_filters.ChoiceFilter(label="Act", choices=Action.choices, empty_label="Any act")
    begin = django_filters.DateFilter(label="From", field_name="at__date", lookup_expr="gte")

    class Meta:
        model = AuditEvent
        fields = ["q", "kind", "action", "begin"]

    def search(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep the events whose actor's or object's name holds the text."""
        return queryset.filter(Q(actor_name__icontains=value) | Q(object_name__icontains=value))


class AuditTable(tables.Table):
    """When, who, what, and the change in words."""

    at = WhenColumn(verbose_name="When")
    actor_name = tables.Column(verbose_name="Who")
    action = tables.Column(verbose_name="Act")
    kind = tables.Column(verbose_name="Of")
    object_name = tables.Column(verbose_name="Name")
    change = tables.Column(empty_values=(), verbose_name="Change", orderable=False)
    request_id = tables.Column(verbose_name="Request", orderable=False)

    class Meta:
        model = AuditEvent
        template_name = "generic/table.html"
        attrs = {"class": "table records"}
        fields = ("at", "actor_name", "action", "kind", "object_name", "change", "request_id")

    def render_action(self, value: str) -> str:
        """Return the act in words."""
        return dict(Action.choices).get(value, value)

    def render_kind(self, value: str) -> str:
        """Return the kind in words."""
        return dict(Kind.choices).get(value, value)

    def render_change(self, record: AuditEvent) -> str:
        """Return each field that changed, before and after; a blank side is left out."""
        before, after = record.before or {}, record.after or {}
        return format_html_join("", '<div class="change"><b>{}</b> {}{}</div>', (
            (*said(record.kind, name, before.get(name), after.get(name)),)
            for name in changed_fields(record)
            if plain(before.get(name)) or plain(after.get(name))
        ))  # fmt: skip


def side(tag: str, text: str) -> str:
    """Return one side of a change in its tag, "" when there was nothing."""
    return format_html("<{0}>{1}</{0}>", tag, text) if text else ""


def said(kind: str, name: str, before: Any, after: Any) -> tuple[str, str, str]:
    """Return the field's label and its two sides, marked as what was and what is."""
    label, then, now = in_words(kind, name, before, after)
    return label, side("del", then), side("ins", now)


class AuditLog(RecordList):
    """Audit Log: every change, newest first."""

    model = AuditEvent
    table_class = AuditTable
    filterset_class = AuditFilter
    export = AUDIT_EXPORT
    list_url = "console:audit_log"
    right = "audit_log.view"
    empty = ("Nothing was changed yet.", "")

    def get_queryset(self) -> QuerySet[AuditEvent]:
        """Return the events, newest first."""
        return AuditEvent.objects.order_by("-seq")
