"""Rows chosen by keys that a query finds first: an ``IN`` whose order of work is not the planner's to guess."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, QuerySet


class Among(Func):
    """Whether a column holds one of the values of a queryset of one column; for ``filter()``.

    The values are found once, then looked up one by one.  Of ``IN`` the planner does not know how few rows of a view
    it leaves, and may walk through all of them in the order that is asked for.
    """

    template, arg_joiner = "%(expressions)s)", " = ANY("
    output_field = BooleanField()

    def __init__(self, column: str, values: QuerySet[Any, Any]) -> None:
        super().__init__(F(column), ArraySubquery(values))
