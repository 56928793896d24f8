"""The rows of lists show what django-tables2's own would, in every list."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils.html import conditional_escape

from configurator.console.lists.columns import LinkColumn
from configurator.console.lists.rows import rows_of
from health.findings.services import reconcile
from tests.console.test_query_counts import LISTS, servers
from tests.people import As

pytestmark = pytest.mark.django_db
WITHOUT_TABLE = {"console:role_list"}
EMPTY = {"alarms:trouble_list", "alarms:stopped_queues", "alarms:stopped_addresses", "imports:list"}


def test_each_list_shows_the_cells_that_the_library_makes(signed_in: As) -> None:
    client = signed_in("superuser")
    servers(2)
    reconcile()
    for name in [name for name in LISTS if name not in WITHOUT_TABLE]:
        answer: Any = client.get(reverse(name))
        table = answer.context["table"]
        table.context = {"bulk": answer.context.get("bulk")}
        rows, shown = list(table.paginated_rows), list(rows_of(table))
        assert shown or name in EMPTY, name
        for row, markup in zip(rows, shown, strict=True):
            assert cells_of(markup) == "".join(
                f'<td data-label="{column.header}" {column.attrs["td"].as_html()}>'
                f'<div class="cell">{conditional_escape(cell)}</div></td>'
                for column, cell in row.items()
            ), name
            assert row.attrs.get("data-href", "") in markup.partition(">")[0], name
            assert links_of(table) == 0 or f'<a href="{row.record.get_absolute_url()}">' in markup, name


def links_of(table: Any) -> int:
    """Return how many of the columns that show lead to the page of the row."""
    return sum(isinstance(bound.column, LinkColumn) for bound in table.columns)


def cells_of(markup: str) -> str:
    """Return what stands between the row's ends, without its box to tick."""
    cells = markup.partition(">")[2].removesuffix("</tr>")
    return cells.partition("</div></td>")[2] if cells.startswith('<td class="tick"') else cells
