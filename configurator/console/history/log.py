"""The screen Audit Log; it is here since audit is a floor below the console."""

from datetime import date, datetime, time, timedelta
from typing import Any, Final
from urllib.parse import urlencode

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, QueryDict, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.views.generic import View

from configurator.accounts.audit_scope import seen_by
from configurator.audit.choices import ACT_WORDS, KIND_WORDS, Action, Kind
from configurator.audit.export import export_lines
from configurator.audit.models import AuditEvent
from configurator.audit.querysets import AuditEventQuerySet
from configurator.audit.words import field_choices, words_of
from configurator.console.exports.formats import Format
from configurator.console.exports.services import list_exported
from configurator.console.exports.text import json_file
from configurator.console.exports.views import Menu
from configurator.console.history.exports import AUDIT_EXPORT
from configurator.console.lists.columns import WhenColumn
from configurator.console.lists.filters import DateFilter, RecordFilter, TextFilter
from configurator.console.lists.views import RecordList
from configurator.console.objects.fields import DateField
from configurator.console.objects.views import RightRequired

LINKED: Final = ("object", "request")
PERIOD: Final = {"begin", "end"}
PROOF: Final = Format(
    "proof", "JSON lines", "with the proof that it is whole, for auditors", "jsonl", "application/jsonl", json_file
)


class AuditFilter(RecordFilter):
    placeholder = "name, address, ID, any value"
    who = TextFilter(
        label="Who",
        field_name="actor_name",
        lookup_expr="iexact",
        widget=forms.TextInput({"placeholder": "whole name"}),
    )
    action = django_filters.ChoiceFilter(label="Act", choices=Action.choices, empty_label="Any act")
    kind = django_filters.ChoiceFilter(label="Of", choices=Kind.choices, empty_label="Anything")
    field = django_filters.ChoiceFilter(
        label="Field changed", choices=field_choices, empty_label="Any field", method="changing"
    )
    begin = DateFilter(label="From", method="since")
    end = DateFilter(label="To", method="until")
    object = TextFilter(label="Object Id", field_name="object_id")
    request = TextFilter(label="Request", field_name="request_id")

    class Meta:
        model = AuditEvent
        fields = ["q", "who", "action", "kind", "field", "begin", "end", "object", "request"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Show the fields that only links fill in where one did."""
        super().__init__(*args, **kwargs)
        for name in LINKED:
            if not self.form.data.get(name):
                del self.form.fields[name]

    def changing(self, queryset: AuditEventQuerySet, _name: str, value: str) -> QuerySet[Any]:
        return queryset.changing(value)

    def since(self, queryset: AuditEventQuerySet, _name: str, value: date) -> QuerySet[Any]:
        """Keep the events of the day and of those after it."""
        return queryset.since(midnight(value))

    def until(self, queryset: AuditEventQuerySet, _name: str, value: date) -> QuerySet[Any]:
        """Keep the events of the day and of those before it."""
        return queryset.until(midnight(value + timedelta(days=1)) - timedelta(microseconds=1))


def midnight(day: date) -> datetime:
    """Return the beginning of the day in the console's time zone."""
    return timezone.make_aware(datetime.combine(day, time.min))


class AuditTable(tables.Table):
    at = WhenColumn(verbose_name="When")
    actor_name = tables.Column(verbose_name="Who")
    action = tables.Column(verbose_name="Act")
    kind = tables.Column(verbose_name="Of")
    object_name = tables.Column(verbose_name="Name", attrs={"td": {"class": "whole"}})
    change = tables.Column(empty_values=(), verbose_name="Change", orderable=False)
    request_id = tables.Column(verbose_name="Request", orderable=False)

    extra = ("request_id",)

    class Meta:
        model = AuditEvent
        template_name = "console/lists/table.html"
        attrs = {"class": "table records"}
        row_attrs = {"data-href": lambda record: record.get_absolute_url()}
        fields = ("at", "actor_name", "action", "kind", "object_name", "change", "request_id")

    def render_action(self, value: str, record: AuditEvent) -> str:
        """Return the action in words, linked to the event's page."""
        return format_html('<a href="{}">{}</a>', record.get_absolute_url(), ACT_WORDS.get(value, value))

    def render_kind(self, value: str) -> str:
        return KIND_WORDS.get(value, value)

    def render_change(self, record: AuditEvent) -> str:
        """Return each field that changed, before and after; a blank side is left out."""
        changes = format_html_join("", '<div class="change"><b>{}</b> {}{}</div>', (
            (label, side("del", then), side("ins", now)) for label, then, now in words_of(record)
        ))  # fmt: skip
        return format_html("{}{}", changes, rows_link(record))


def rows_url(event: AuditEvent) -> str:
    """Return the list of the events of an import's rows."""
    return f"{reverse('console:audit_log')}?{urlencode({'request': event.request_id})}"


def rows_link(event: AuditEvent) -> str:
    """Return the link to the events of an import's rows, "" for another event."""
    if event.action != Action.IMPORTED:
        return ""
    return format_html('<div class="change"><a href="{}">Show each row’s event</a></div>', rows_url(event))


def side(tag: str, text: str) -> str:
    return format_html("<{0}>{1}</{0}>", tag, text) if text else ""


class AuditLog(RecordList):
    model = AuditEvent
    table_class = AuditTable
    filterset_class = AuditFilter
    template_name = "console/history/audit_log.html"
    export = AUDIT_EXPORT
    list_url = "console:audit_log"
    right = "audit_log.view"
    empty = ("Nothing was changed yet.", "")

    def get_queryset(self) -> QuerySet[AuditEvent]:
        """Return the events, newest first; an import is one until something is searched for."""
        events = AuditEvent.objects.order_by("-seq")
        return seen_by(self.person, events.acts() if self.as_acts() else events)

    def as_acts(self) -> bool:
        """Return whether the events of an import's rows are left out: not in files, and not where its own is hidden."""
        asked = {name for name in (*AuditFilter.Meta.fields, "format") if self.request.GET.get(name)}
        return asked <= PERIOD and self.scope().is_whole

    def menus(self) -> list[Menu]:
        """Return the exports of what is found, and of the whole period for auditors."""
        if not self.scope().is_whole:
            return super().menus()
        period = QueryDict(mutable=True)
        period.update({name: self.request.GET[name] for name in ("begin", "end") if self.request.GET.get(name)})
        path = f"{reverse('console:audit_proof')}?{period.urlencode()}"
        return [*super().menus(), Menu("All from the first day to the last", [(PROOF, path)])]


class AuditProof(RightRequired, View):
    """All events of a period as a file, with the chain that proves them complete."""

    right = "audit_log.view"

    def test_func(self) -> bool:
        """Return whether the user may see every event: a chain with gaps proves nothing."""
        return super().test_func() and self.scope().is_whole

    def get(self, request: HttpRequest) -> StreamingHttpResponse:
        """Record the export, then send it event by event; 404 for days that cannot be read."""
        begin, end = (self.day(name) for name in ("begin", "end"))
        filters = {"From": str(begin or ""), "To": str(end or "")}
        list_exported(
            actor=self.actor,
            right=self.right,
            name="Audit Log with proof",
            format_=PROOF.label,
            filters={label: value for label, value in filters.items() if value},
        )
        lines = export_lines(
            midnight(begin) if begin else None,
            midnight(end + timedelta(days=1)) - timedelta(microseconds=1) if end else None,
        )
        answer = StreamingHttpResponse(lines, content_type=PROOF.content_type)
        name = f"audit-log-{timezone.localdate():%Y-%m-%d}.{PROOF.suffix}"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer

    def day(self, name: str) -> date | None:
        """Return the day in the URL, None where there is none."""
        try:
            day: date | None = DateField(required=False).clean(self.request.GET.get(name, ""))
        except forms.ValidationError as error:
            raise Http404 from error
        return day
