"""Paging that costs the same however many rows there are."""

from typing import Any

from django.core.paginator import Paginator
from django.utils.functional import cached_property

from configurator.console.counting import counted

MOST_PAGED = 10_000


class CappedPaginator(Paginator):
    """Pages through the first 10,000 rows and counts no further; nobody reads on where a search would help."""

    @cached_property
    def count(self) -> int:
        """The number of rows, at most MOST_PAGED."""
        rows: Any = self.object_list  # those of a table
        return min(counted(rows.data.data, MOST_PAGED), MOST_PAGED)

    @cached_property
    def said(self) -> str:
        """The number of rows in words."""
        return f"{self.count:,}" + ("+" if self.count == MOST_PAGED else "")


PAGED: dict[str, Any] = {"per_page": 50, "paginator_class": CappedPaginator}
