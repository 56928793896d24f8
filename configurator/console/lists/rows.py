"""The rows of a list as markup.

django-tables2 computes in each cell what is the same in its whole column: its renderer's arguments, its attributes,
whether its field has choices. Here that is done once per column, which makes a page of fifty rows several times faster;
the cells are the same. The attributes of a row are functions of its record.
"""

from collections.abc import Iterator
from html import escape
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django_tables2 import A, Table
from django_tables2.utils import signature

from configurator.console.lists.cells import tick


class _Column:
    """A column, with all that its cells have in common."""

    def __init__(self, bound: Any, record: Any) -> None:
        """``record`` is any of the table's."""
        self.bound = bound
        self.path = _path(A(bound.accessor), record)
        wanted, takes_all = signature(bound.render)
        self.wanted: tuple[str, ...] | None = None if takes_all else wanted
        self.default, self.empty = bound.default, bound.column.empty_values
        attributes = bound.attrs["td"].as_html()
        self.opening = format_html('<td data-label="{}" {}><div class="cell">', bound.header, attributes)

    def cell(self, row: Any) -> str:
        value = self.path.resolve(row.record, quiet=True)
        content = self.default if value in self.empty else self._content(row, value)
        # Django's own escape() takes five times as long, for lazy translations; plain text is none.
        shown = escape(content) if type(content) is str else conditional_escape(content)
        return f"{self.opening}{shown}</div></td>"

    def _content(self, row: Any, value: Any) -> Any:
        """Return the rendered value, in the column's link."""
        arguments = {
            "value": value,
            "record": row.record,
            "column": self.bound.column,
            "bound_column": self.bound,
            "bound_row": row,
            "table": row.table,
        }
        wanted = arguments if self.wanted is None else {name: arguments[name] for name in self.wanted}
        content = self.bound.render(**wanted)
        return self.bound.link(content, **arguments) if self.bound.link else content


def _path(accessor: Any, record: Any) -> Any:
    """Return the path of the value: a field with choices is shown by its label."""
    if not isinstance(record, Model):
        return accessor
    try:
        field = accessor.get_field(record)
    except FieldDoesNotExist:
        return accessor
    *way, name = accessor.bits
    return A("__".join([*way, f"get_{name}_display"])) if getattr(field, "choices", None) else accessor


def rows_of(table: Table) -> Iterator[SafeString]:
    """Yield the markup of each row of the table's page, with a checkbox where the page has bulk actions."""
    ticked, columns = table.context.get("bulk"), list[_Column]()
    for row in table.paginated_rows:
        columns = columns or [_Column(bound, row.record) for bound in table.columns]
        attributes = ((name, value(row.record)) for name, value in table.row_attrs.items())
        opening = format_html_join("", ' {}="{}"', attributes)
        box = f'<td class="tick" data-label="Tick"><div class="cell">{tick(row.record)}</div></td>' if ticked else ""
        # Each piece is escaped where it is made.
        yield SafeString(f"<tr{opening}>{box}{''.join([column.cell(row) for column in columns])}</tr>")
