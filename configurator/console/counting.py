"""Counting that costs the same however many rows there are: the database counts to a limit and stops."""

from collections.abc import Mapping
from typing import Any, Final

from django.db.models import IntegerField, QuerySet, Subquery, Value

from configurator.console.status import Status

MOST_COUNTED: Final = 1_000
# What stands in a status column; Checking is only shown.
KEPT: Final = (Status.OK, Status.WARNING, Status.BROKEN, Status.UNCHECKED)


class UpTo(Subquery):
    """How many rows a queryset has, ``most`` + 1 where there are more."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS rows_counted)"
    output_field = IntegerField()
    empty_result_set_value = 0

    def __init__(self, rows: QuerySet[Any, Any], most: int) -> None:
        super().__init__(rows.order_by().values("pk")[: most + 1])


def counted(rows: QuerySet[Any], most: int) -> int:
    """Return how many rows there are, ``most`` + 1 where there are more."""
    bare = rows.order_by()
    # What a row shows beside its columns is not computed to count it; in a query of groups it makes the group.
    return (bare if bare.query.group_by else bare.values("pk"))[: most + 1].count()


def number_of(part: str, rows: QuerySet[Any, Any], most: int) -> QuerySet[Any, Any]:
    """Return one row of ``part`` and how many rows there are; none where the table is empty."""
    table: QuerySet[Any, Any] = rows.model._default_manager.order_by()
    row: QuerySet[Any, Any] = table.annotate(part=Value(part), number=UpTo(rows, most))
    return row.values("part", "number")[:1]


def numbers(parts: Mapping[str, QuerySet[Any, Any]], most: int = MOST_COUNTED) -> dict[str, int]:
    """Return how many rows each of the parts has, ``most`` + 1 where there are more; in one query."""
    first, *others = (number_of(part, rows, most).values_list("part", "number") for part, rows in parts.items())
    return dict.fromkeys(parts, 0) | dict(first.union(*others, all=True))


def counts_by_status(kinds: Mapping[str, QuerySet[Any]]) -> dict[str, dict[Status, int]]:
    """Return for each kind how many of its rows are in each status that occurs, 1,001 for more; in one query."""
    parts = {f"{kind}:{status}": rows.filter(status=status) for kind, rows in kinds.items() for status in KEPT}
    found = numbers(parts)
    return {
        kind: {status: found[f"{kind}:{status}"] for status in Status if found.get(f"{kind}:{status}")}
        for kind in kinds
    }


def status_totals(rows: QuerySet[Any]) -> dict[Any, int]:
    """Return how many rows are in each status that occurs, 1,001 for more; in one query."""
    return dict(counts_by_status({"": rows})[""])


def said(number: int, most: int = MOST_COUNTED) -> str:
    """Return the number in words, ``1,000+`` beyond ``most``."""
    return f"{most:,}+" if number > most else f"{number:,}"
