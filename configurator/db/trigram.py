"""Searches for a text anywhere in a column, by an index of trigrams (PostgreSQL's pg_trgm)."""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any, Final

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast, Upper

FEW: Final = 10_000


def substring_index(*columns: str, name: str, condition: Q | None = None) -> GinIndex:
    """Return the index for ``holding``, for all of the columns or some."""
    texts = [OpClass(Upper(Cast(column, TextField())), name="gin_trgm_ops") for column in columns]
    return GinIndex(*texts, name=name, condition=condition)


def holding(text: str, *columns: str) -> Q:
    """Return a condition for rows that have the text in one of the columns, ignoring case."""
    return reduce(or_, (Q(**{f"{column}__icontains": text}) for column in columns))


def found_in(rows: QuerySet[Any], parts: Sequence[QuerySet[Any, Any]], either: Q) -> QuerySet[Any]:
    """Return the rows whose keys one of the parts gives; ``either`` is the same as one condition.

    Few are looked up by their keys, each part having an index of its own. With many, reading the list in its own order
    fills a page soon, where looking up all keys first would take longest for what every row contains.
    """
    first, *others = (part.order_by() for part in parts)
    keys = first.union(*others, all=True) if others else first
    return rows.filter(either) if keys[: FEW + 1].count() > FEW else rows.filter(pk__in=keys)
