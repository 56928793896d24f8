"""The differences between two moments: objects that were created, changed field by field, and deleted."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import cached_property
from itertools import islice
from typing import Any, Final

import django_filters
import django_tables2 as tables
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from configurator.accounts.audit_scope import seen_by, states_seen
from configurator.audit.choices import KIND_WORDS, Action
from configurator.audit.models import StateEvent
from configurator.audit.querysets import AuditEventQuerySet
from configurator.audit.snapshots import SecretChange
from configurator.audit.states import Key, State, number_at, retired, states_at
from configurator.console.exports.columns import CHUNK, Cell, Column, Export
from configurator.console.history.as_of import Row, compared
from configurator.console.history.log import side
from configurator.console.history.moments import EVENT, Instant, MomentFilter, instant_of, shown
from configurator.console.history.snapshot import kinds, viewable
from configurator.console.lists.columns import WhenColumn
from configurator.console.lists.filters import RecordFilter, TextFilter
from configurator.console.lists.views import RecordList

WEEK: Final = timedelta(days=7)
CREATED, CHANGED, DELETED, PASSED = "created", "changed", "deleted", "passed"
WHAT: Final = (
    (CREATED, "Created"),
    (CHANGED, "Changed"),
    (DELETED, "Deleted"),
    (PASSED, "Created and deleted"),
)


class CompareFilter(RecordFilter):
    placeholder = "name"
    since = MomentFilter(label="From (empty: a week before)", method="shown")
    until = MomentFilter(label="To (empty: now)", method="shown")
    kind = django_filters.ChoiceFilter(label="Kind", choices=kinds, empty_label="Everything")
    what = django_filters.ChoiceFilter(label="What", choices=WHAT, empty_label="Any change", method="of_sort")
    server = TextFilter(label="Server", method="of_server")
    tenant = TextFilter(label="Tenant ID", method="of_tenant")
    since_event = django_filters.CharFilter(widget=EVENT, method="shown")
    until_event = django_filters.CharFilter(widget=EVENT, method="shown")

    class Meta:
        model = StateEvent
        fields = ["q", "since", "until", "kind", "what", "server", "tenant", "since_event", "until_event"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form.fields["kind"].choices = [("", "Everything"), *viewable(self.request.user)]

    def shown(self, queryset: QuerySet[Any], _name: str, _value: Any) -> QuerySet[Any]:
        """Leave the rows: the page itself selects those between the moments."""
        return queryset

    def search(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep the objects whose name at the end contains the text."""
        return queryset.filter(object_name__icontains=value.strip())

    def of_sort(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep the objects that were created, changed or deleted between the moments."""
        gone, new = Q(action=Action.DELETED), Q(new=True)
        wanted = {CREATED: ~gone & new, CHANGED: ~gone & ~new, DELETED: gone & ~new, PASSED: gone & new}
        return queryset.filter(wanted[value])

    def of_server(self, queryset: AuditEventQuerySet, _name: str, value: str) -> QuerySet[Any]:
        """Keep the servers of that name or ID, and the addresses that were ever on them."""
        return queryset.about_servers(queryset.servers_named(value))

    def of_tenant(self, queryset: AuditEventQuerySet, _name: str, value: str) -> QuerySet[Any]:
        """Keep the servers that were ever in the tenant, and the addresses that were ever on them."""
        return queryset.about_servers(queryset.servers_in(value))


class CompareTable(tables.Table):  # type: ignore[misc]  # django-tables2 has no types
    what = tables.Column(empty_values=(), orderable=False, verbose_name="Act")
    kind = tables.Column(verbose_name="Of")
    object_name = tables.Column(verbose_name="Name", attrs={"td": {"class": "whole"}})
    change = tables.Column(empty_values=(), orderable=False, verbose_name="Change")
    actor_name = tables.Column(verbose_name="Last changed by")
    at = WhenColumn(verbose_name="When")

    class Meta:
        model = StateEvent
        template_name = "console/lists/table.html"
        attrs = {"class": "table records"}
        fields = ("what", "kind", "object_name", "change", "actor_name", "at")

    found: dict[Key, "Difference"] = {}
    query = ""

    def render_what(self, record: StateEvent) -> str:
        return self.found[record.kind, record.object_id].what

    def render_kind(self, value: str) -> str:
        return KIND_WORDS.get(value, value)

    def render_object_name(self, value: str, record: StateEvent) -> str:
        """Return the name, linked to both states side by side."""
        path = reverse("console:as_of", args=[record.kind, record.object_id])
        return format_html('<a href="{}?{}">{}</a>', path, self.query, value)

    def render_change(self, record: StateEvent) -> str:
        return format_html_join("", '<div class="change"><b>{}</b> {}{}</div>', (
            (row.label, side("del", row.then), side("ins", row.now))
            for row in self.found[record.kind, record.object_id].rows
        ))  # fmt: skip


class Difference:
    def __init__(self, then: State | None, now: State) -> None:
        self.then, self.now = then if then and not then.gone else None, now

    @property
    def what(self) -> str:
        if self.now.gone:
            return "Deleted" if self.then else "Created and deleted"
        if self.then is None:
            return "Created"
        return "Changed" if self.rows else "Changed and back"

    @cached_property
    def rows(self) -> list[Row]:
        rows = compared(self.now.kind, self.then, self.now, replaced=SecretChange.CHANGED)
        return [row for row in rows if row.differs]


class Compare(RecordList):
    """Every object that has an event between the two moments."""

    model = StateEvent
    table_class = CompareTable
    filterset_class = CompareFilter
    template_name = "console/history/compare.html"
    whole_page = True
    export = Export(())
    list_url = "console:audit_log"
    right = "audit_log.view"
    empty = ("Nothing changed between the two moments.", "")

    @cached_property
    def until(self) -> Instant:
        """The later moment, by default the present."""
        return instant_of(self.request.GET, "until")[0]

    @cached_property
    def since(self) -> Instant:
        """The earlier moment, by default a week before the later one."""
        found = instant_of(self.request.GET, "since")[0]
        if found.asked:
            return found
        begin = self.until.moment - WEEK
        return Instant(number_at(begin), begin, {})

    def get_filterset_kwargs(self, filterset_class: type[CompareFilter]) -> dict[str, Any]:
        """Show in the fields the moments of the URL."""
        kwargs: dict[str, Any] = super().get_filterset_kwargs(filterset_class)
        return kwargs | {"data": shown(self.request.GET, since=self.since, until=self.until)}

    def export_name(self) -> str:
        begin, end = (f"{timezone.localtime(one.moment):%Y-%m-%d %H:%M:%S}" for one in (self.since, self.until))
        return f"Changes from {begin} to {end}"

    def get_queryset(self) -> QuerySet[Any]:
        """Return the last event between the moments of each object that the user may view."""
        kinds = [kind for kind, _ in viewable(self.person)]
        between = StateEvent.objects.filter(kind__in=kinds, seq__gt=self.since.seq).states().up_to(self.until.seq)
        same = between.filter(kind=OuterRef("kind"), object_id=OuterRef("object_id"))
        created = Exists(same.filter(action=Action.CREATED))
        last = seen_by(self.person, between.last_of_each(), after=True)
        return last.alias(new=created).order_by("kind", "object_name", "seq")

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        context = super().get_context_data(**context)
        table = context["table"]
        table.found = {one.now.key: one for one in self.differences([row.record for row in table.paginated_rows])}
        until = self.until.named("until") if self.until.asked else ""
        table.query = f"{self.since.named('at')}&{until}".strip("&")
        gone = retired() if self.since.asked else None
        return context | {
            "gone": gone.says(self.since.moment) if gone else "",
            "since": self.since,
            "until": self.until,
        }

    def differences(self, last: Iterable[StateEvent]) -> list[Difference]:
        """Return the objects of the events at both moments, in their order."""
        keys = [(event.kind, event.object_id) for event in last]
        kinds, ids = {kind for kind, _ in keys}, [object_id for _, object_id in keys]
        events = StateEvent.objects.filter(kind__in=kinds, object_id__in=ids)
        then, now = states_at(events, self.since.seq, self.until.seq)
        before = {state.key: state for state in states_seen(self.person, then.values())}
        after = {state.key: state for state in states_seen(self.person, now.values())}
        return [Difference(before.get(key), after[key]) for key in keys if key in after]

    def lines(self, rows: QuerySet[Any], columns: tuple[Column, ...]) -> tuple[list[str], Iterator[list[Cell]]]:
        """Return a line per field that differs."""
        labels = ["What", "Of", "Name", "Object Id", "Field", "Before", "After", "Last changed (UTC)", "By", "Event"]
        return labels, self._lines(rows)

    def _lines(self, rows: QuerySet[Any]) -> Iterator[list[Cell]]:
        left = rows.iterator(chunk_size=CHUNK)
        while some := list(islice(left, CHUNK)):
            for one in self.differences(some):
                now = one.now
                about: list[Cell] = [one.what, KIND_WORDS.get(now.kind, now.kind), now.name, now.object_id]
                for row in one.rows or [Row("", "", "")]:
                    yield [*about, row.label, row.then, row.now, now.at, now.by, now.seq]
