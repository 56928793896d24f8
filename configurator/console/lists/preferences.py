"""A user's preferences for a list: columns, sort, page size. What is in the URL has precedence."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.functional import cached_property

from configurator.console.lists.paging import SIZES, USUAL_SIZE, Paged
from configurator.console.models import SavedView

# The parameters of a URL besides the filters.
PARAMETERS = ("columns", "sort", "per_page")


class HasPreferences(Paged):
    """A list with its reader's preferences."""

    request: HttpRequest

    @cached_property
    def list_name(self) -> str:
        """The URL name of the list, which identifies it."""
        match = self.request.resolver_match
        return match.view_name if match else ""

    @cached_property
    def views(self) -> list[SavedView]:
        """The saved views that the reader sees, and the one without a name with his preferences."""
        user: Any = self.request.user
        return list(SavedView.objects.seen_by(user, self.list_name))

    @cached_property
    def kept(self) -> QueryDict:
        """The reader's preferences; empty where there are none."""
        return QueryDict(next((view.query for view in self.views if not view.name), ""))

    def get_table_kwargs(self) -> dict[str, Any]:
        parent: Any = super()
        sort = self.kept.get("sort")
        preferred = {"order_by": sort} if sort and "sort" not in self.request.GET else {}
        return {**parent.get_table_kwargs(), **preferred}

    def get_table_pagination(self, table: Any) -> dict[str, Any]:
        preferred = [size for size in SIZES if str(size) == self.kept.get("per_page")]
        return super().get_table_pagination(table) | {"per_page": preferred[0] if preferred else USUAL_SIZE}

    def get_table(self, **kwargs: Any) -> Any:
        parent: Any = super()
        table = parent.get_table(**kwargs)
        chosen = self.request.GET.getlist("columns") or [self.kept.get("columns", "")]
        shown = shown_of(table, ",".join(chosen).split(","))
        for name in names_of(table):
            (table.columns.show if name in shown else table.columns.hide)(name)
        return table

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Add the control of the columns, and the saved views that the reader sees."""
        parent: Any = super()
        base: dict[str, Any] = parent.get_context_data(**context)
        table = base["table"]
        sort = table.order_by[0] if table.order_by else ""
        return base | {
            "preferences": self.preference_choices(table, sort),
            "views": [view for view in self.views if view.name],
            "view_query": self.query_of(table, sort),
            "carried": [(name, value) for name in PARAMETERS for value in self.request.GET.getlist(name)],
        }

    def preference_choices(self, table: Any, sort: str) -> dict[str, Any]:
        """Return the choices of the columns' control, and the present ones."""
        shown = shown_of(table)
        return {
            "columns": [(name, label, name in shown) for name, label in labels_of(table)],
            "sorts": [(value, label, value == sort) for value, label in sorts_of(table)],
            "sizes": [(size, size == table.paginator.per_page) for size in SIZES],
        }

    def query_of(self, table: Any, sort: str) -> str:
        """Return the query with which the list would be saved as it is shown."""
        query = self.request.GET.copy()
        for name in ("page", "format", *PARAMETERS):
            query.pop(name, None)
        for name in [name for name in query if not query.get(name)]:
            query.pop(name)
        shown = shown_of(table)
        if shown != usual_of(table):
            query["columns"] = ",".join(shown)
        if sort:
            query["sort"] = sort
        if table.paginator.per_page != USUAL_SIZE:
            query["per_page"] = str(table.paginator.per_page)
        return query.urlencode()


def labels_of(table: Any) -> list[tuple[str, str]]:
    return [(column.name, str(column.header)) for column in table.columns.iterall()]


def sorts_of(table: Any) -> list[tuple[str, str]]:
    """Return every way to sort the table, in words."""
    orderable = [(name, label) for name, label in labels_of(table) if table.columns[name].orderable]
    return [
        ("", "As the list has it"),
        *((name, f"{label} ↑") for name, label in orderable),
        *((f"-{name}", f"{label} ↓") for name, label in orderable),
    ]


def names_of(table: Any) -> list[str]:
    return [column.name for column in table.columns.iterall()]


def usual_of(table: Any) -> list[str]:
    """Return the default columns of the table: all but its ``extra`` ones."""
    extra = getattr(table, "extra", ())
    return [name for name in names_of(table) if name not in extra]


def shown_of(table: Any, chosen: Iterable[str] | None = None) -> list[str]:
    """Return the columns of ``chosen``, the default ones where none exists; without a choice those shown now."""
    if chosen is None:
        return [column.name for column in table.columns.itervisible()]
    wanted = set(chosen)
    return [name for name in names_of(table) if name in wanted] or usual_of(table)
