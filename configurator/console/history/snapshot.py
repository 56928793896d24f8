"""The whole configuration as it was at a moment, one kind of object at a time."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice
from typing import Any, Self

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from configurator import signs
from configurator.accounts.audit_scope import seen_by, states_seen
from configurator.audit.choices import Action, Kind
from configurator.audit.models import StateEvent
from configurator.audit.querysets import AuditEventQuerySet
from configurator.audit.registry import audited, may_view
from configurator.audit.states import Key, State, retired, states_at
from configurator.audit.words import fields_of, label_of, value_in_words
from configurator.console.exports.columns import CHUNK, Cell, Column, Export
from configurator.console.history.as_of import said
from configurator.console.history.moments import EVENT, Instant, MomentFilter, instant_of, shown
from configurator.console.lists.columns import ValuesColumn, WhenColumn
from configurator.console.lists.filters import RecordFilter
from configurator.console.lists.views import RecordList


def kinds() -> list[tuple[str, str]]:
    """Return the kinds whose past can be shown, with their labels, in the order of the audit log."""
    return [(kind.value, kind.label) for kind in Kind if kind in audited]


class WholeFilter(RecordFilter):
    """Search among the objects of a kind by a name or value that they ever had."""

    placeholder = "name, or any value it ever had"
    kind = django_filters.ChoiceFilter(label="Kind", choices=kinds, empty_label=None, method="shown")
    at = MomentFilter(label="As of", method="shown")
    at_event = django_filters.CharFilter(widget=EVENT, method="shown")

    class Meta:
        model = StateEvent
        fields = ["q", "kind", "at", "at_event"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form.fields["kind"].choices = viewable(self.request.user)

    def shown(self, queryset: QuerySet[Any], _name: str, _value: Any) -> QuerySet[Any]:
        """Leave the rows: the page itself selects those of the kind at the moment."""
        return queryset

    def search(self, queryset: QuerySet[Any], _name: str, _value: str) -> QuerySet[Any]:
        """Leave the rows: the page itself selects those that match, before it looks for the last event of each."""
        return queryset


class InOrder(AuditEventQuerySet):
    """Rows that are counted in their order too, which is an index's: otherwise the database would read all of them."""

    def order_by(self, *fields: Any) -> Self:
        return super().order_by(*fields) if fields else self.all()


class WholeTable(tables.Table):  # type: ignore[misc]  # django-tables2 has no types
    object_name = tables.Column(verbose_name="Name")
    values = ValuesColumn(verbose_name="Values")
    actor_name = tables.Column(verbose_name="Last changed by")
    at = WhenColumn(verbose_name="When")

    class Meta:
        model = StateEvent
        template_name = "console/lists/table.html"
        attrs = {"class": "table records"}
        fields = ("object_name", "values", "actor_name", "at")
        # Any other order would read every event.
        orderable = False

    said: dict[Key, list[tuple[str, str]]] = {}
    query = ""

    def render_object_name(self, value: str, record: StateEvent) -> str:
        """Return the name, linked to the object as it was."""
        path = reverse("console:as_of", args=[record.kind, record.object_id])
        return format_html('<a href="{}?{}">{}</a>', path, self.query, value)

    def words(self, record: StateEvent) -> list[tuple[str, str]]:
        return self.said.get((record.kind, record.object_id), [])


class Whole(RecordList):
    """Every object of a kind as it was at ``at``."""

    model = StateEvent
    table_class = WholeTable
    filterset_class = WholeFilter
    template_name = "console/history/whole.html"
    whole_page = True
    export = Export(())
    list_url = "console:audit_log"
    right = "audit_log.view"
    empty = ("Nothing of this kind was there at that moment.", "")

    @cached_property
    def instant(self) -> Instant:
        return instant_of(self.request.GET)[0]

    @property
    def kind(self) -> str:
        asked = self.request.GET.get("kind", "")
        kinds = [kind for kind, _ in viewable(self.person)]
        return asked if asked in kinds else next(iter(kinds), "")

    def get_filterset_kwargs(self, filterset_class: type[WholeFilter]) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_filterset_kwargs(filterset_class)
        return kwargs | {"data": shown(self.request.GET, at=self.instant)}

    def export_name(self) -> str:
        kind = dict(kinds()).get(self.kind, "Nothing")
        return f"{kind} as of {timezone.localtime(self.instant.moment):%Y-%m-%d %H:%M:%S}"

    def get_queryset(self) -> QuerySet[Any]:
        """Return the last event of each object that existed then."""
        text = signs.tidy(self.request.GET.get("q", "").replace("\0", ""))
        if text:
            had = seen_by(self.person, StateEvent.objects.matching(text)).states().order_by().values("object_id")
            those = StateEvent.objects.filter(kind=self.kind, object_id__in=had)
            rows = those.states().up_to(self.instant.seq).last_of_each()
        else:
            rows = InOrder(StateEvent).filter(kind=self.kind).last_at(self.instant.seq)
        rows = seen_by(self.person, rows, after=True)
        return rows.exclude(action=Action.DELETED).order_by("object_name", "seq")

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        context = super().get_context_data(**context)
        table = context["table"]
        states = self.states([row.record for row in table.paginated_rows])
        table.said = {state.key: said(state) for state in states}
        table.query = self.instant.query
        gone = retired() if self.instant.asked else None
        return context | {
            "gone": gone.says(self.instant.moment) if gone else "",
            "instant": self.instant,
            "since": self.instant.named("since"),
        }

    def states(self, last: Iterable[StateEvent]) -> list[State]:
        ids = [event.object_id for event in last]
        [found] = states_at(StateEvent.objects.filter(kind=self.kind, object_id__in=ids), self.instant.seq)
        return states_seen(self.person, [found[self.kind, pk] for pk in ids])

    def lines(self, rows: QuerySet[Any], columns: tuple[Column, ...]) -> tuple[list[str], Iterator[list[Cell]]]:
        """Return a line per object, with all its fields."""
        # The field with the object's name comes first already.
        fields = {name: label_of(self.kind, name) for name in fields_of(self.kind) if name != "name"}
        labels = ["Name", "Object Id", "Last changed (UTC)", "By", "Event", *fields.values()]
        return labels, self._lines(rows, list(fields))

    def _lines(self, rows: QuerySet[Any], names: list[str]) -> Iterator[list[Cell]]:
        left = rows.iterator(chunk_size=CHUNK)
        while some := list(islice(left, CHUNK)):
            for state in self.states(some):
                words = [value_in_words(self.kind, name, state.values.get(name)) for name in names]
                yield [state.name, state.object_id, state.at, state.by, state.seq, *words]


def viewable(user: Any) -> list[tuple[str, str]]:
    return [(kind, label) for kind, label in kinds() if may_view(user, kind)]
