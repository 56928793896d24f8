"""The writers of exports by themselves: limits of workbooks, and what XML or a spreadsheet would take amiss."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from configurator.console.exports import xlsx
from configurator.console.exports.columns import Cell
from configurator.console.exports.text import as_it_was, csv_file, harmless, json_file, tab_file
from configurator.console.exports.xlsx import MOST_SIGNS, xlsx_file
from tests.console.exported import from_json, from_tab, from_xlsx

AT = datetime(2026, 11, 24, 9, 14, 3, 999_999, tzinfo=UTC)


def workbook(*values: Cell) -> list[Cell]:
    """Return the values after a way through a workbook."""
    return [row["Value"] for row in from_xlsx(b"".join(xlsx_file(["Value"], [[value] for value in values])))]


def test_what_one_sheet_cannot_hold_goes_to_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MOST_ROWS", 4)

    for count in (0, 1, 3, 4, 6, 7):
        assert workbook(*range(count)) == list(range(count)), count


def test_cells_keep_their_type() -> None:
    assert workbook(True, False, 7, -1, None, "", "7") == [True, False, 7, -1, None, None, "7"]
    moment, day = workbook(AT, date(2026, 11, 24))
    assert str(moment) == "2026-11-24 09:14:04"
    assert day == datetime(2026, 11, 24)  # noqa: DTZ001  as openpyxl gives a day


def test_a_text_that_no_cell_holds_is_cut_off_between_characters() -> None:
    [kept, short, shorter] = workbook("x" * MOST_SIGNS, "x" * (MOST_SIGNS + 1), "🔑" * MOST_SIGNS)

    assert kept == "x" * MOST_SIGNS
    assert short == "x" * (MOST_SIGNS - 1) + "…"
    assert isinstance(shorter, str)
    assert shorter == "🔑" * ((MOST_SIGNS - 1) // 2) + "…"


def test_what_xml_cannot_hold_is_written_as_excel_does() -> None:
    assert workbook("a\x07b", "a\rb", "_x0041_", "a\uffffb") == ["a_x0007_b", "a_x000D_b", "_x005F_x0041_", "a\ufffdb"]


@pytest.mark.parametrize("sign", "=+-@\t\r\n＝＋－＠")
def test_csv_disarms_a_text_and_leaves_a_number(sign: str) -> None:
    assert harmless(f"{sign}1") == f"'{sign}1"
    assert harmless(f"a{sign}1") == f"a{sign}1"
    assert harmless(-1) == "-1"
    assert as_it_was(harmless(f"{sign}1")) == f"{sign}1"
    assert as_it_was(harmless(f"'{sign}1")) == f"'{sign}1"
    assert as_it_was(harmless(f"''{sign}1")) == f"''{sign}1"


@pytest.mark.parametrize("text", ["'quoted'", "''", "it's", '="1"', '="1'])
def test_csv_gives_a_text_with_apostrophes_and_quotation_marks_back(text: str) -> None:
    assert as_it_was(harmless(text)) == text


@pytest.mark.parametrize(("cell", "text"), [('="00123"', "00123"), ('="a ""b"" c"', 'a "b" c'), ('=""', "")])
def test_a_text_that_programs_write_as_a_formula_is_read_as_text(cell: str, text: str) -> None:
    assert as_it_was(cell) == text


def test_the_tab_delimited_format_gives_every_text_back() -> None:
    texts = ["=1", "'=1", "a\tb", 'a "b"', '"', "a\r\nb", " a ", "\u2028", "D"]

    rows = from_tab(b"".join(tab_file(["Value"], [[text] for text in texts])))

    assert [row["Value"] for row in rows] == texts
    assert {row["Delete"] for row in rows} == {""}


def test_a_moment_reads_the_same_everywhere() -> None:
    assert from_json(b"".join(json_file(["At"], [[AT]]))) == [{"At": "2026-11-24T09:14:03Z"}]
    assert b"2026-11-24 09:14:03" in b"".join(csv_file(["At"], [[AT]]))


@pytest.mark.parametrize("write", [csv_file, tab_file, json_file, xlsx_file])
def test_rows_are_asked_for_as_they_are_sent(write: object) -> None:
    asked = 0

    def rows() -> Iterator[list[Cell]]:
        nonlocal asked
        for _ in range(100_000):
            asked += 1
            yield ["x"]

    assert callable(write)
    parts = write(["Value"], rows())
    next(parts)
    assert asked == 0
    next(parts)
    assert asked <= 1_000
