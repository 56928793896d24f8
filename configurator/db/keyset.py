"""The sort keys of a list, and the rows after a given one, as an index reads them.

A page begins after the last row of another one, so that the last page costs what the first does.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import OrderBy

from configurator.db.expressions import Among, is_annotated

# Groups of rows are identified by a column of this name, which only groups have.
GROUP = "group_key"


@dataclass(frozen=True)
class Key:
    """One of the columns that a list is sorted by; NULL comes where PostgreSQL puts it unless stated otherwise."""

    path: str
    descending: bool = False
    nullable: bool = False
    nulls_first: bool = False

    def __str__(self) -> str:
        return f"-{self.path}" if self.descending else self.path

    @property
    def reversed(self) -> "Key":
        return replace(self, descending=not self.descending, nulls_first=not self.nulls_first)

    @property
    def ordering(self) -> OrderBy:
        nulls = {"nulls_first" if self.nulls_first else "nulls_last": True} if self.nullable else {}
        return OrderBy(F(self.path), descending=self.descending, **nulls)

    def same(self, value: Any) -> Q:
        """Return a condition for rows with the same value."""
        return Q(**{f"{self.path}__isnull": True}) if value is None else Q(**{self.path: value})

    def beyond(self, value: Any) -> Iterator[Q]:
        """Yield conditions for the rows after those with the value; each is one range of an index."""
        if value is not None:
            yield Q(**{f"{self.path}__{'lt' if self.descending else 'gt'}": value})
        if value is None and self.nulls_first:
            yield Q(**{f"{self.path}__isnull": False})
        if value is not None and self.nullable and not self.nulls_first:
            yield Q(**{f"{self.path}__isnull": True})

    def value(self, row: Any) -> Any:
        if isinstance(row, dict):
            return row[self.path]
        for part in self.path.split("__"):
            try:
                row = getattr(row, part)
            except ObjectDoesNotExist:
                return None
            if row is None:
                return None
        return row


def keys_of(rows: QuerySet[Any]) -> list[Key]:
    """Return the sort keys of the rows, and at the end a unique one."""
    tie, keys = tie_of(rows), dict[str, Key]()
    unique = {rule.fields[0] for rule in rows.model._meta.total_unique_constraints if len(rule.fields) == 1}
    for item in rows.query.order_by or rows.model._meta.ordering:
        key = _key(rows.model, item)
        keys.setdefault(key.path, key)
        if key.path == tie or (key.path in unique and not key.nullable):
            return list(keys.values())
    # In the direction of the first, so that one index serves both.
    return [*keys.values(), Key(tie, descending=next(iter(keys.values())).descending)]


def tie_of(rows: QuerySet[Any]) -> str:
    """Return a column that is unique in the rows."""
    return GROUP if is_annotated(rows, GROUP) else "pk"


def _key(model: type[Model], item: Any) -> Key:
    """Return the key for an argument of order_by()."""
    if isinstance(item, OrderBy):
        column: Any = item.expression
        path, descending = column.name, item.descending
        first = bool(item.nulls_first) or (descending and not item.nulls_last)
    else:
        path, descending = str(item).lstrip("-"), str(item).startswith("-")
        first = descending
    path = "pk" if path == model._meta.pk.name else path
    return Key(path, descending, nullable=_nullable(model, path), nulls_first=first)


def _nullable(model: Any, path: str) -> bool:
    """Return whether a row may have NULL there: by the fields of the path, and for an expression always."""
    for part in path.split("__"):
        if part == "pk":
            return False
        try:
            field = model._meta.get_field(part)
        except FieldDoesNotExist:
            return part != GROUP
        if field.null or field.auto_created:
            return True
        model = field.related_model
    return False


def after(keys: Sequence[Key], values: Sequence[Any]) -> list[Q]:
    """Return disjoint ranges that contain all rows after the one with these values."""
    ranges, before = [], Q()
    for key, value in zip(keys, values, strict=True):
        ranges += [before & part for part in key.beyond(value)]
        before &= key.same(value)
    return ranges


def first_of(rows: QuerySet[Any], keys: Sequence[Key], ranges: Sequence[Q], most: int) -> list[Any]:
    """Return the first rows by the keys, in the ranges or, where there are none, of all; one query.

    Each range gives the keys of its own first rows, read off an index, and only of those the rows are read: an OR would
    have the database read all rows that share a value with the last page.
    """
    ordered = rows.order_by(*(key.ordering for key in keys))
    if tie_of(rows) == GROUP:
        return list(ordered.filter(reduce(or_, ranges, Q()))[:most])
    first, *others = (ordered.filter(part).values("pk")[:most] for part in ranges or [Q()])
    whole: Any = ordered.all()
    # The filters that chose the keys need not be applied to their rows again.
    whole.query.clear_where()
    return list(whole.filter(Among("pk", first.union(*others, all=True) if others else first))[:most])
