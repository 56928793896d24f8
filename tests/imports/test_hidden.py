"""Hidden rows and columns of a sheet: they are read, and the page says so before anything is applied."""

from typing import Any

import pytest

from imports.models import State
from imports.services import ask_to_read
from imports.services.working import work
from tests.imports.books import MAIN, SHEET, book, cell, saved, with_parts, with_sheet, workbook
from tests.imports.files import looked_at, rows_of, tab
from tests.people import As, person

pytestmark = pytest.mark.django_db
NAMES = ["Name", "Priority", "Description"]


def sheet_of(rows: int = 9) -> tuple[Any, Any]:
    """Return a workbook with so many rows below the one that names the columns, and its sheet."""
    made = book(NAMES, *([f"Q{number}", 5, "x"] for number in range(2, rows + 2)))
    return made, made.worksheets[0]


def test_hidden_rows_are_read_and_named(signed_in: As) -> None:
    made, sheet = sheet_of()
    sheet.auto_filter.ref = "A1:C10"
    for number in (4, 7, 9, 30):
        sheet.row_dimensions[number].hidden = True

    found = looked_at("queue", saved(made))

    assert (found.state, found.counts) == (State.READY, {"created": 9})
    said = "Rows 4, 7 and 9 are hidden in the sheet; they are read too."
    assert found.remarks == [said]
    page = signed_in("admin").get(found.get_absolute_url()).content.decode()
    assert page.index(said) < page.index("Apply 9 rows")


def test_many_hidden_rows_are_counted_and_one_is_named_alone() -> None:
    made, sheet = sheet_of(40)
    for number in range(3, 42):
        sheet.row_dimensions[number].hidden = True
    assert looked_at("queue", saved(made)).remarks == [
        "39 rows are hidden in the sheet (3, 4, 5, 6, 7, 8, 9, 10, 11, 12 …); they are read too."
    ]
    made, sheet = sheet_of()
    sheet.row_dimensions[5].hidden = True
    assert looked_at("queue", saved(made)).remarks == ["Row 5 is hidden in the sheet; it is read too."]


def test_hidden_columns_are_named_where_they_are_read() -> None:
    made, sheet = sheet_of()
    sheet.column_dimensions.group("B", "C", hidden=True)
    sheet.column_dimensions["F"].hidden = True

    found = looked_at("queue", saved(made))

    assert found.remarks == ["Columns B (Priority) and C (Description) are hidden in the sheet; they are read too."]
    assert rows_of(found)[0].after["priority"] == 5


def test_a_sheet_that_hides_rows_unless_told_otherwise() -> None:
    rows = b"".join(
        b'<row r="%d"%s>%s</row>' % (number, more, cell(f"A{number}", text))
        for number, more, text in (
            (1, b' ht="15"', "Name"),
            (2, b"", "A"),
            (3, b' hidden="0"', "B"),
            (4, b' ht="0"', "C"),
        )
    )
    body = with_sheet(rows)
    assert looked_at("queue", body).remarks == ["Row 4 is hidden in the sheet; it is read too."]
    hides = body_with_defaults(rows)
    assert looked_at("queue", hides).remarks == ["Rows 2 and 4 are hidden in the sheet; they are read too."]


def body_with_defaults(rows: bytes) -> bytes:
    """Return a workbook whose sheet hides each row that does not say otherwise."""
    xml = b'<worksheet xmlns="%s"><sheetFormatPr zeroHeight="1"/><sheetData>%s</sheetData></worksheet>'
    return with_parts(workbook(["Name"]), {SHEET: xml % (MAIN.encode(), rows)})


def test_nothing_is_said_of_what_is_above_the_names_of_other_sheets_and_of_text() -> None:
    made, sheet = sheet_of()
    sheet.insert_rows(1)
    sheet["A1"] = "Queues"
    sheet.row_dimensions[1].hidden = True
    made.create_sheet("Other").append(NAMES)
    made.worksheets[1].append(["Z", 5, "x"])
    made.worksheets[1].row_dimensions[2].hidden = True

    found = looked_at("queue", saved(made))
    assert found.remarks == []
    assert ask_to_read(user=person("admin"), pk=found.pk, sheet="Other")
    work(found.pk)
    found.refresh_from_db()

    assert found.remarks == ["Row 2 is hidden in the sheet; it is read too."]
    assert looked_at("queue", tab(NAMES, ["A", "5", "x"])).remarks == []
