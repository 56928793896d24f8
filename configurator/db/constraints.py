"""The database's own rules, applied to many rows before they are written."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import CheckConstraint, Model, Q
from django.db.models.sql import Query

from configurator.db.bulk_insert import recordset


def broken_constraints(rows: Sequence[Model]) -> list[list[str]]:
    """Return for each row the messages of the CHECK constraints that it breaks, found in one query."""
    if not rows:
        return []
    model = type(rows[0])
    checks = [item for item in model._meta.constraints if isinstance(item, CheckConstraint)]
    conditions: list[str] = []
    parameters: list[Any] = []
    for check in checks:
        query = Query(model, alias_cols=False)
        rule: Any = check.condition
        sql, values = query.build_where(rule).as_sql(query.get_compiler(connection=connection), connection)
        conditions.append(f"({sql}) IS FALSE")
        parameters += values
    named = {name for check in checks for name in Q(check.condition).referenced_base_fields}
    table, cells = recordset([field for field in model._meta.concrete_fields if field.name in named], rows)
    with connection.cursor() as cursor:
        # The names and conditions are the models' own.
        cursor.execute(f"SELECT {', '.join(conditions)} FROM {table}", [*parameters, cells])  # noqa: S608
        found = cursor.fetchall()
    said = [str(check.get_violation_error_message()) for check in checks]
    return [[text for text, broken in zip(said, flags, strict=True) if broken] for flags in found]
