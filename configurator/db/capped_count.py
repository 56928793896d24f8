"""Counts with a limit: they cost the same however many rows there are, since the database stops at the limit."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import IntegerField, QuerySet, Subquery, Value

from configurator.status import Status

Query = tuple[str, tuple[Any, ...]]  # SQL and its parameters
MOST_COUNTED: Final = 1_000
# The values of a status column; Checking is only shown.
KEPT: Final = (Status.OK, Status.WARNING, Status.BROKEN, Status.UNCHECKED)
# A placeholder for each of them in SQL; no form accepts such a text.
_ANY: Final = "\0 any status"


def bare(rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """Return the rows as they are counted: without any columns, so that an index alone is enough.

    A query of groups, or with distinct(), is counted by what makes it so.
    """
    unsorted = rows.order_by()
    if unsorted.query.group_by:
        return unsorted
    return (
        unsorted.values("pk")
        if unsorted.query.distinct
        else unsorted.annotate(counted_row=Value(1)).values("counted_row")
    )


class UpTo(Subquery):
    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS rows_counted)"
    output_field = IntegerField()
    empty_result_set_value = 0

    def __init__(self, rows: QuerySet[Any, Any], most: int) -> None:
        super().__init__(bare(rows)[: most + 1])


def counted(rows: QuerySet[Any], most: int) -> int:
    """Return how many rows there are, ``most`` + 1 where there are more."""
    return bare(rows)[: most + 1].count()


def statement(parts: Mapping[str, QuerySet[Any, Any]], most: int, earliest: Mapping[str, str] | None = None) -> Query:
    """Return a query with a row for each part: its name, how many rows it has, its earliest moment.

    The number is ``most`` + 1 where there are more. ``earliest`` names the field of the moment; where it names none,
    and for a part without rows, the moment is None. A part that can have no rows has no row.
    """
    pieces: list[str] = []
    params: list[Any] = []
    for part, rows in parts.items():
        moment = (earliest or {}).get(part)
        try:
            counting, values = bare(rows)[: most + 1].query.sql_with_params()
            first = rows.order_by(moment).values(moment)[:1].query.sql_with_params() if moment else ("NULL", ())
        except EmptyResultSet:
            continue
        # Both texts are the ORM's own; what is typed is in the parameters.
        pieces.append(f"SELECT %s, (SELECT COUNT(*) FROM ({counting}) AS counted), ({first[0]})::timestamptz")  # noqa: S608
        params += [part, *values, *first[1]]
    return " UNION ALL ".join(pieces), tuple(params)


def statement_of(rows: QuerySet[Any, Any]) -> Query:
    """Return the SQL of a queryset, to be part of another; for an empty queryset too."""
    text, params = rows.query.get_compiler(rows.db, elide_empty=False).as_sql()
    return text, tuple(params)


def rows_of(query: Query) -> list[tuple[str, int, datetime | None]]:
    """Return the rows of such a query; none where it has no part."""
    text, params = query
    if not text:
        return []
    with connection.cursor() as cursor:
        cursor.execute(text, params)
        return list(cursor.fetchall())


def numbers(parts: Mapping[str, QuerySet[Any, Any]], most: int = MOST_COUNTED) -> dict[str, int]:
    """Return how many rows each of the parts has, ``most`` + 1 where there are more; in one query."""
    found = rows_of(statement(parts, most))
    return dict.fromkeys(parts, 0) | {part: number for part, number, _ in found}


def counts_by_status(kinds: Mapping[str, QuerySet[Any]]) -> dict[str, dict[Status, int]]:
    """Return for each kind how many of its rows are in each status that occurs, 1,001 for more; in one query."""
    pieces: list[str] = []
    params: list[Any] = []
    for kind, rows in kinds.items():
        # Compiled once for all statuses, since compiling takes longer than running it.
        text, values = statement({kind: rows.filter(status=_ANY)}, MOST_COUNTED)
        for status in KEPT if text else ():
            pieces.append(text)
            params += [f"{kind}:{status}", *(status.value if value == _ANY else value for value in values[1:])]
    found = {part: number for part, number, _ in rows_of((" UNION ALL ".join(pieces), tuple(params)))}
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
