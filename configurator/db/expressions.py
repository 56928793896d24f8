"""Expressions of SQL that the ORM has no word for, and what a queryset is made of."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, QuerySet


class Among(Func):
    """Whether a column has one of the values of a queryset of one column; for ``filter()``.

    The values are found once, then looked up one by one. With ``IN`` the planner does not know how few rows of a view
    remain, and may read all of them in the requested order.
    """

    template, arg_joiner = "%(expressions)s)", " = ANY("
    output_field = BooleanField()

    def __init__(self, column: str, values: QuerySet[Any, Any]) -> None:
        super().__init__(F(column), ArraySubquery(values))


def json_path_array(field: str, path: str) -> Func:
    """Return all that the SQL/JSON path, a literal of ours, finds in the field, as one JSON array."""
    # The path is part of the text, since an index holds the expression.
    return Func(field, function="jsonb_path_query_array", template=f"%(function)s(%(expressions)s, '{path}')")


def is_annotated(rows: QuerySet[Any, Any], name: str) -> bool:
    return name in rows.query.annotations
