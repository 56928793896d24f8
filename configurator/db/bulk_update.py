"""Many stored rows changed in one statement."""

from collections.abc import Sequence

from django.db import connection
from django.db.models import Model

from configurator.db.bulk_insert import Fields, recordset


def update_all(rows: Sequence[Model], fields: Fields) -> None:
    """Write these fields of stored rows of one model, found by their key, which is one of the fields."""
    meta = type(rows[0])._meta
    quote = connection.ops.quote_name
    columns = [quote(str(field.column)) for field in fields if field is not meta.pk]
    table, cells = recordset(fields, rows)
    named, key = quote(meta.db_table), quote(str(meta.pk.column))
    sets = ", ".join(f"{column} = new.{column}" for column in columns)
    with connection.cursor() as cursor:
        # The names are the models' own.
        cursor.execute(f"UPDATE {named} SET {sets} FROM {table} WHERE {named}.{key} = new.{key}", [cells])  # noqa: S608
