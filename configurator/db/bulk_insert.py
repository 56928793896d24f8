"""Many rows as one value of a statement: JSON that the database takes apart is made faster than a value a column."""

import json
from collections.abc import Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Field, Model

TOGETHER: Final = 1_000
Fields = Sequence["Field[Any, Any]"]


def insert_all(rows: Sequence[Model]) -> None:
    """Store new rows of one model, a thousand in a statement; no row learns the number that the database draws for it.

    Raises IntegrityError where the database finds one of its rules broken, TypeError for a value that JSON has no
    exact form for.
    """
    if not rows:
        return
    model = type(rows[0])
    fields = [field for field in model._meta.concrete_fields if not (field.generated or _is_drawn(field, rows[0]))]
    columns = ", ".join(_quoted(field) for field in fields)
    for row in rows:
        for field in fields:
            field.pre_save(row, add=True)  # sets the moments that a save sets
    for start in range(0, len(rows), TOGETHER):
        some = rows[start : start + TOGETHER]
        table, cells = recordset(fields, some)
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {_named(model)} ({columns}) SELECT {columns} FROM {table}", [cells])  # noqa: S608  our own names
        for row in some:
            row._state.adding, row._state.db = False, connection.alias


def recordset(fields: Fields, rows: Sequence[Model]) -> tuple[str, str]:
    """Return SQL for a table ``new`` of these columns of the rows, in their order, and the value that it takes."""
    columns = [(str(field.column), field.attname) for field in fields]
    typed = ", ".join(f"{_quoted(field)} {field.db_type(connection)}" for field in fields)
    cells = [{column: getattr(row, name) for column, name in columns} for row in rows]
    return f"jsonb_to_recordset(%s) AS new({typed})", json.dumps(cells, default=_exact)


def _is_drawn(field: "Field[Any, Any]", row: Model) -> bool:
    """Tell whether the database draws the number of the row."""
    return field.primary_key and getattr(row, field.attname) is None


def _exact(value: object) -> str:
    """Return the text that the database reads as just that value."""
    if isinstance(value, date | time | UUID | Decimal):
        return str(value)
    raise TypeError(f"No column holds a {type(value).__name__}.")


def _named(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _quoted(field: "Field[Any, Any]") -> str:
    return connection.ops.quote_name(str(field.column))
