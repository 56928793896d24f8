"""The result list: search, filters in the URL, totals by status, a table of rows that open."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django_filters.views import FilterView
from django_tables2 import SingleTableMixin

from configurator.console.paging import PAGED
from configurator.console.status import Status
from configurator.console.views import Page


class RecordList(Page, SingleTableMixin, FilterView):
    """A result list: search, filters in the URL, totals by status, a table of rows that open."""

    template_name = "generic/list.html"
    table_pagination = PAGED
    create_url: ClassVar[str] = ""
    empty: ClassVar[tuple[str, str]] = ("Nothing here yet.", "")

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Add what the list's head shows."""
        may_create = bool(self.create_url) and self.may(f"{self.right.partition('.')[0]}.create")
        return super().get_context_data(**context) | {
            "create_url": reverse(self.create_url) if may_create else "",
            "empty": self.empty,
            "totals": self.totals(),
        }

    def found(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows of the queryset that the search and the filters let pass."""
        rows: QuerySet[Any] = self.filterset_class(self.request.GET, queryset=queryset).qs
        return rows

    def totals(self) -> list[tuple[Status, str]]:
        """Return the number of rows found in each status, for lists of checked things."""
        return []
