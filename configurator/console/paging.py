"""Counting and paging that cost the same however many rows there are."""

from collections import Counter
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet, Value
from django.utils.functional import cached_property

from configurator.console.status import Status

MOST_PAGED = 10_000
MOST_COUNTED = 1_000
# What stands in a status column; Checking is only shown.
KEPT = (Status.OK, Status.WARNING, Status.BROKEN, Status.UNCHECKED)


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


def counts_by_status(kinds: dict[str, QuerySet[Any]]) -> dict[str, Counter[Status]]:
    """Return for each kind how many of its rows are in each status, in one query that counts no further than 1,001."""
    first, *others = (
        rows.order_by().filter(status=status).annotate(counted=Value(kind)).values_list("counted", "status")
        for kind, rows in kinds.items()
        for status in KEPT
    )
    counted: dict[str, Counter[Status]] = {kind: Counter() for kind in kinds}
    most = MOST_COUNTED + 1
    for kind, status in first[:most].union(*(part[:most] for part in others), all=True):
        counted[kind][Status(status)] += 1
    return counted


def status_totals(rows: QuerySet[Any]) -> list[tuple[Status, str]]:
    """Return ``(status, rows)`` for each status that occurs; 1,000+ is not counted on."""
    counted = counts_by_status({"": rows})[""]
    return [(status, said(counted[status])) for status in Status if counted[status]]


def said(number: int) -> str:
    """Return the number in words, ``1,000+`` beyond MOST_COUNTED."""
    return f"{MOST_COUNTED:,}+" if number > MOST_COUNTED else f"{number:,}"
