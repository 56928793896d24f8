"""The screen Audit Log; it stands here since audit is a floor below the console."""

from contextlib import suppress
from typing import Any

import django_filters
import django_tables2 as tables
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q, QuerySet
from django.utils.html import format_html, format_html_join

from configurator.audit.choices import Action, Kind
from configurator.audit.models import AuditEvent
from configurator.console.columns import WhenColumn
from configurator.console.filters import RecordFilter
from configurator.console.lists import RecordList


class AuditFilter(RecordFilter):
    """Search by name; filter by what was done to what."""

    placeholder = "who, what"
    kind = django_filters.ChoiceFilter(label="Of", choices=Kind.choices, empty_label="Anything")
    action = django_filters.ChoiceFilter(label="Act", choices=Action.choices, empty_label="Any act")

    class Meta:
        model = AuditEvent
        fields = ["q", "kind", "action"]

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


def side(tag: str, value: Any) -> str:
    """Return one side of a change in its tag, "" when there was nothing."""
    text = plain(value)
    return format_html("<{0}>{1}</{0}>", tag, text) if text else ""


MODELS = {
    "incoming_server": "mailsettings.IncomingServer",
    "outgoing_server": "mailsettings.OutgoingServer",
    "queue": "queues.Queue",
    "address": "queues.QueueAddress",
}


def changed_fields(event: AuditEvent) -> list[str]:
    """Return the names of the fields whose values the event changed."""
    before, after = event.before or {}, event.after or {}
    return [name for name in {**before, **after} if before.get(name) != after.get(name)]


def field_of(kind: str, name: str) -> Any:
    """Return the field of the model; None where the model or the field is known no more."""
    with suppress(LookupError, FieldDoesNotExist):
        return apps.get_model(MODELS[kind])._meta.get_field(name)
    return None


def label_of(kind: str, name: str) -> str:
    """Return the field's label in the words of the screens, where the field is still known."""
    label = str(getattr(field_of(kind, name), "verbose_name", name.replace("_", " ")))
    return label[:1].upper() + label[1:]


def said(kind: str, name: str, before: Any, after: Any) -> tuple[str, str, str]:
    """Return the field's label and its two sides, in the words of the screens where the field is still known."""
    choices = dict(getattr(field_of(kind, name), "flatchoices", []))
    then, now = (choices.get(value, value) if isinstance(value, str | int) else value for value in (before, after))
    return label_of(kind, name), side("del", then), side("ins", now)


def plain(value: Any) -> str:
    """Return a value of the trail as text: a relation by its name."""
    if isinstance(value, dict):
        return str(value.get("name", value))
    if isinstance(value, list):
        return ", ".join(map(plain, value))
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return "" if value is None else str(value)


class AuditLog(RecordList):
    """Audit Log: every change, newest first."""

    model = AuditEvent
    table_class = AuditTable
    filterset_class = AuditFilter
    list_url = "console:audit_log"
    right = "audit_log.view"
    empty = ("Nothing was changed yet.", "")

    def get_queryset(self) -> QuerySet[AuditEvent]:
        """Return the events, newest first."""
        return AuditEvent.objects.order_by("-seq")
