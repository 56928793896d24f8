"""Many rows as one value of a statement: JSON that the database takes apart is made faster than a value a column."""

import json
from collections.abc import Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Field, Model
from django.db.models.expressions import DatabaseDefault

TOGETHER: Final = 1_000
Fields = Sequence["Field[Any, Any]"]
M = TypeVar("M", bound=Model)


def insert_all(rows: Sequence[Model]) -> None:
    """Store new rows of one model, a thousand in a statement; no row is given what the database fills in.

    Raises IntegrityError where the database finds one of its rules broken, TypeError for a value that JSON has no
    exact form for.
    """
    _insert(rows, "")


def insert_missing(rows: Sequence[M]) -> list[M]:
    """Do as insert_all() does, but leave out rows that a unique rule refuses; return those that were stored."""
    stored = _insert(rows, "ON CONFLICT DO NOTHING")
    return [row for row in rows if row.pk in stored]


def upsert_all(rows: Sequence[Model], *, unique: Sequence[str], update: Sequence[str]) -> None:
    """Do as insert_all() does, but where the unique columns are stored already, update these columns instead."""
    name = connection.ops.quote_name
    sets = ", ".join(f"{name(column)} = excluded.{name(column)}" for column in update)
    _insert(rows, f"ON CONFLICT ({', '.join(map(name, unique))}) DO UPDATE SET {sets}")


def _insert(rows: Sequence[Model], on_conflict: str) -> set[Any]:
    """Store the rows and return the primary keys of those that were inserted or updated."""
    if not rows:
        return set()
    model = type(rows[0])
    fields = [field for field in model._meta.concrete_fields if not _is_filled_in(field, rows[0])]
    columns = ", ".join(_quoted(field) for field in fields)
    for row in rows:
        for field in fields:
            field.pre_save(row, add=True)  # sets the moments that a save sets
    stored: set[Any] = set()
    for start in range(0, len(rows), TOGETHER):
        some = rows[start : start + TOGETHER]
        table, cells = recordset(fields, some)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {_named(model)} ({columns}) SELECT {columns} FROM {table} {on_conflict} "  # noqa: S608  our own names
                f"RETURNING {_quoted(model._meta.pk)}",
                [cells],
            )
            stored.update(pk for (pk,) in cursor.fetchall())
        for row in some:
            row._state.adding, row._state.db = False, connection.alias
    return stored


def recordset(fields: Fields, rows: Sequence[Model]) -> tuple[str, str]:
    """Return SQL for a table ``new`` of these columns of the rows, in their order, and the value that it takes."""
    columns = [(str(field.column), field.attname) for field in fields]
    typed = ", ".join(f"{_quoted(field)} {field.db_type(connection)}" for field in fields)
    cells = [{column: getattr(row, name) for column, name in columns} for row in rows]
    return f"jsonb_to_recordset(%s) AS new({typed})", json.dumps(cells, default=_exact)


def _is_filled_in(field: "Field[Any, Any]", row: Model) -> bool:
    """Return whether the database fills the column in: a number, a default, or what it computes."""
    if field.generated:
        return True
    value = getattr(row, field.attname)
    return isinstance(value, DatabaseDefault) or (field.primary_key and value is None)


def _exact(value: object) -> str:
    """Return the text that the database reads as just that value."""
    if isinstance(value, date | time | UUID | Decimal):
        return str(value)
    raise TypeError(f"No column holds a {type(value).__name__}.")


def _named(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _quoted(field: "Field[Any, Any]") -> str:
    return connection.ops.quote_name(str(field.column))
