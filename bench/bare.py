"""The least that a page of a list can be: its query, fifty rows, the same columns as text, and no frame."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.urls import resolve
from django_tables2 import A

ROWS = 50
PAGE = Template(
    "<table>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>"
)


def bare(request: HttpRequest, of: str) -> HttpResponse:
    """Show what the list at that path shows under the same query; with ``page=last`` its last rows."""
    shown: Any = resolve(f"/{of}").func
    view = shown.view_class()
    view.setup(request)
    found = view.selected().qs
    rows = (found.reverse() if request.GET.get("page") == "last" else found)[:ROWS]
    columns = view.table_class.base_columns
    paths = [A(str(column.accessor or name)) for name, column in columns.items()]
    cells = [[path.resolve(row, quiet=True) for path in paths] for row in rows]
    return HttpResponse(PAGE.render(Context({"rows": cells})))
