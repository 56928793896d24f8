from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django_filters.views import FilterView
from django_tables2 import SingleTableMixin

from configurator.console.exports.views import Exports, Filters, Menu, menu
from configurator.console.frame.navigation import trail
from configurator.console.lists.preferences import HasPreferences
from configurator.console.objects.views import Page


class RecordList(Exports, Page, HasPreferences, SingleTableMixin, FilterView):
    """A list: search, filters in the URL, totals by status, a table of rows that open.

    With ``format`` in its URL it is the file of all rows that the filters select.
    """

    template_name = "console/lists/list.html"
    create_url: ClassVar[str] = ""
    import_kind: ClassVar[str] = ""
    # The result follows the typing, unless the heading depends on the filters, so that the whole page has to reload.
    whole_page: ClassVar[bool] = False
    empty: ClassVar[tuple[str, str]] = ("Nothing here yet.", "")
    # The heading for users who see only some queues, where the usual one would be wrong.
    own_empty: ClassVar[str] = ""
    # Whether what it shows and counts depends on the queues that the reader sees.
    of_queues: ClassVar[bool] = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "format" in request.GET:
            return self.download(request.GET["format"])
        page: HttpResponseBase = super().get(request, *args, **kwargs)
        return page

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        kind = self.right.partition(".")[0]
        own = self.of_queues and not self.scope("queue.view").is_whole
        may_create = bool(self.create_url) and self.may(f"{kind}.create")
        base, totals = super().get_context_data(**context), self.totals()
        if totals:
            # Each row has one status, so that they need not be counted once more.
            base["table"].paginator.count = sum(totals.values())
        return base | {
            "create_url": reverse(self.create_url) if may_create else "",
            "empty": (self.own_empty, "") if own and self.own_empty else self.empty,
            "own": own,
            "totals": totals,
            "menus": self.menus(),
        }

    def export_name(self) -> str:
        return trail(self.list_url)[-1]

    def selected(self) -> Filters:
        filters: Filters = self.filterset_class(self.request.GET, queryset=self.get_queryset(), request=self.request)
        return filters

    def menus(self) -> list[Menu]:
        return [menu("What is found", self.export, self.request)]

    def found(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows of the queryset that search and filters select."""
        filters: Any = self.filterset
        rows: QuerySet[Any] = filters.filter_queryset(queryset)
        return rows

    def totals(self) -> dict[Any, int]:
        """Return the number of rows found with each status, for lists of what is checked."""
        return {}
