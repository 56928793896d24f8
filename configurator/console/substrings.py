"""Searching for a text anywhere in a column, by an index of three letters each (PostgreSQL's pg_trgm)."""

from functools import reduce
from operator import or_

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db.models import Q, TextField
from django.db.models.functions import Cast, Upper


def substring_index(*columns: str, name: str, condition: Q | None = None) -> GinIndex:
    """Return the index that ``holding`` is answered by, for all of the columns or some."""
    texts = [OpClass(Upper(Cast(column, TextField())), name="gin_trgm_ops") for column in columns]
    return GinIndex(*texts, name=name, condition=condition)


def holding(text: str, *columns: str) -> Q:
    """Return what holds for rows that have the text in one of the columns, whatever its case."""
    return reduce(or_, (Q(**{f"{column}__icontains": text}) for column in columns))
