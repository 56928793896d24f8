"""Counting and paging that cost the same however many rows there are."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

from configurator.console.status import Status

MOST_PAGED = 10_000
MOST_COUNTED = 1_000


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


def counted(rows: QuerySet[Any], most: int) -> int:
    """Return how many rows there are, ``most`` + 1 where there are more."""
    return rows.order_by()[: most + 1].count()


def status_totals(rows: QuerySet[Any]) -> list[tuple[Status, str]]:
    """Return ``(status, rows)`` for each status that occurs, in one query that counts no further than 1,000 of each."""
    first, *others = (
        rows.order_by().filter(status=status).values_list("status", flat=True)[: MOST_COUNTED + 1] for status in Status
    )
    found = list(first.union(*others, all=True))
    return [(status, said(found.count(status))) for status in Status if status in found]


def said(number: int) -> str:
    """Return the number in words, ``1,000+`` beyond MOST_COUNTED."""
    return f"{MOST_COUNTED:,}+" if number > MOST_COUNTED else f"{number:,}"
