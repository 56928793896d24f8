"""The row that names the columns, as spreadsheets and their users leave it."""

import csv
import io

import pytest

from imports.kinds import KINDS
from imports.models import State
from imports.reading.columns import key_of
from tests.imports.books import workbook
from tests.imports.files import looked_at, refused, rows_of, tab

pytestmark = pytest.mark.django_db

WRITTEN = (
    "E-Mail Server Id", " e-mail server ID ", "E_Mail_Server_Id", "EMail Server-Id", "E\u2011Mail Server\u00a0Id",
    "E\u2010Mail\u202fServer\u2009Id", "E-Mail\nServer\r\nId", "*E-Mail Server Id*", "E-Mail Server Id *",
    "E-Mail Server Id:", "“E-Mail Server Id”", "'E-Mail Server Id", "E-Mail Server Id (required)", "«E-Mail Server Id»",
    "Required: E-Mail Server Id", "E-Mail Server Id (Pflichtfeld)",
    "Obligatoire : E-Mail Server Id", "[optional] E-Mail Server Id", "E-Mail\u200b Server Id\u200e",
    "\ufeffE-Mail Server Id", "Ｅ－Ｍａｉｌ Ｓｅｒｖｅｒ Ｉｄ", "E-Mаil Server Id", "E-Mail Server\tId",
    "E-Mail Ser\u00adver Id", "e‐mail server id", "E – Mail Server Id", "`E-Mail Server Id`",
)  # fmt: skip


def test_no_two_columns_of_a_kind_have_the_same_key() -> None:
    for kind in KINDS.values():
        labels = {*kind.columns.kept, *kind.columns.passed, "Delete", "Secret", "E-Mail Password"}
        assert len({key_of(label) for label in labels}) == len(labels), kind.key


@pytest.mark.parametrize("written", WRITTEN)
def test_a_name_is_known_however_it_is_written(written: str) -> None:
    assert KINDS["address"].columns.known.get(key_of(written)) == "E-Mail Server Id"


@pytest.mark.parametrize("name", ["Column1", "Spalte12", "Colonne 1", "Unnamed: 2", "Field4", "Столбец1", "列1"])
def test_what_programs_call_a_column_without_a_name_is_passed_over_while_it_is_empty(name: str) -> None:
    found = looked_at("queue", workbook(["Name", "Priority", name], ["A", 5]))
    assert (found.said, found.counts) == ("", {"created": 1})

    message = refused("queue", workbook(["Name", "Priority", name], ["A", 5, "x"]))
    assert message.startswith("Cell C2 holds something, but row 1 gives column C no name.")


BEFORE = (
    "\ufeff", "sep=;\r\n", '"sep=;"\r\n', "\ufeffsep=;\r\n", "Queues of the centre\r\n", "Queues;;\r\n\r\n;;\r\n",
    "#TYPE System.Management.Automation.PSCustomObject\r\n", "\r\n\r\n",
)  # fmt: skip


@pytest.mark.parametrize("before", BEFORE)
def test_what_programs_write_above_the_names_is_passed_over(before: str) -> None:
    found = looked_at("queue", f"{before}Name;Priority;;\r\nA;5;;\r\n".encode())

    assert (found.state, found.said, found.counts) == (State.READY, "", {"created": 1})
    assert rows_of(found)[0].after["priority"] == 5


def test_the_page_is_told_which_row_names_the_columns() -> None:
    found = looked_at("queue", workbook(["Queues 2026"], [], [None, "Name", "Priority"], [None, "A", 5]))

    assert (found.head_row, found.counts) == (3, {"created": 1})
    assert rows_of(found)[0].number == 4


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([["Name", "Colour"], ["A", "red"]], "These columns are not known here: Colour (column B)."),
        ([["A", "5"], ["Name", "Priority"]], "The names of the columns stand in row 2: delete the rows above it."),
        ([["Nmae"], ["Support"]], "These columns are not known here: Nmae (column A)."),
        ([["Name", "Na\u200bme"], ["A", "B"]], "The column Name stands there twice"),
        ([["Name", "Pri\u2060oritat"], ["A", "B"]], "column B, which holds a word joiner (U+2060), which is not seen"),
        (
            [["Name", "Рriоritаt"], ["A", "B"]],
            "which holds a Cyrillic capital letter er (U+0420), which looks like “P”",
        ),
        ([["Name", ""], ["A", "B"]], "Cell B2 holds something, but row 1 gives column B no name."),
        ([["", "Name"], ["0", "A"]], "Cell A2 holds something, but row 1 gives column A no name."),
        ([["Name", "kPx8Q~aBcDeFgHiJkLmNoPqRsTuVwXyZ01234567"], ["A", "B"]], "not known here: column B. Row 1"),
    ],
)
def test_what_is_not_clear_is_named_by_its_column(rows: list[list[str]], message: str) -> None:
    assert message in refused("queue", tab(rows[0], *rows[1:]))


@pytest.mark.parametrize("delimiter", [",", ";", "|", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_what_separates_the_columns_is_seen_in_their_names(delimiter: str, encoding: str) -> None:
    text = io.StringIO()
    rows = [["Name", "Description"], ["Büro", 'a, b; c | d "e" \u20ac'], ["B", "two\nlines"]]
    csv.writer(text, delimiter=delimiter).writerows(rows)

    found = looked_at("queue", text.getvalue().encode(encoding))

    assert [row.after["description"] for row in rows_of(found)] == [rows[1][1], rows[2][1]]
