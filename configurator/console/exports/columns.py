"""The columns of an export: what is read of each row, and how it is written. Other fields are never read."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Model, QuerySet

from configurator.console.objects.clear_word import CLEAR

Cell = None | bool | int | str | date | datetime
# Rows in memory at once.
CHUNK = 1_000


def as_it_is(value: Any) -> Cell:
    """Return the value; an ID as a string."""
    return value if value is None or isinstance(value, str | int | date) else str(value)


@dataclass(frozen=True)
class Column:
    """A column of a file: its label, the fields of the queryset that it reads, and how it writes their values.

    ``may_be_empty`` where an import can empty the value.
    """

    label: str
    sources: tuple[str, ...]
    say: Callable[..., Cell] = as_it_is
    may_be_empty: bool = False

    def with_the_word(self) -> "Column":
        """Return the column with empty values replaced by the word that empties a value."""
        return replace(self, say=lambda *values: _or_clear(self.say(*values))) if self.may_be_empty else self


def _or_clear(cell: Cell) -> Cell:
    return CLEAR if cell is None or cell == "" else cell


@dataclass(frozen=True)
class Export:
    """The columns of a list's files: ``own`` are those that SC's own format has too, and can match rows by."""

    more: tuple[Column, ...]
    own: tuple[Column, ...] = ()

    @property
    def columns(self) -> tuple[Column, ...]:
        return (*self.own, *self.more)

    @property
    def round_trip(self) -> tuple[Column, ...]:
        """Return all columns, for a file whose blank cells would leave values as they are when it is imported again."""
        return (*(column.with_the_word() for column in self.own), *self.more)


def column(label: str, source: str, choices: Mapping[Any, str] | None = None) -> Column:
    """Return the column of one field, with the word for each of its choices."""
    if choices is None:
        return Column(label, (source,))
    return Column(label, (source,), lambda value: choices.get(value, as_it_is(value)))


def field(model: type[Model], name: str, label: str = "", source: str = "") -> Column:
    """Return the column of a model's field, with its label on the screens and the words of its choices."""
    found: Any = model._meta.get_field(name)
    label = label or found.verbose_name[:1].upper() + found.verbose_name[1:]
    return replace(column(label, source or name, dict(found.flatchoices) or None), may_be_empty=found.blank)


def moment(label: str, source: str) -> Column:
    return Column(f"{label} (UTC)", (source,))


def secret_stored(label: str, source: str) -> Column:
    """Return the column that says whether a secret is stored, and nothing else."""
    return Column(f"{label} (state)", (f"{source}_id",), lambda key: "set" if key else "")


def rows_of(queryset: QuerySet[Any], columns: Iterable[Column]) -> Iterator[list[Cell]]:
    """Yield the rows, read by a cursor of the database in one query, so that memory stays constant."""
    columns = tuple(columns)
    names = list(dict.fromkeys(source for item in columns for source in item.sources))
    read = [(item.say, [names.index(source) for source in item.sources]) for item in columns]
    for values in queryset.values_list(*names).iterator(chunk_size=CHUNK):
        yield [say(*[values[place] for place in places]) for say, places in read]
