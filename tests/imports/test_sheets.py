"""Which sheet of a workbook is read, and that the others can be."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from imports.models import Import, ImportPiece, State
from imports.reading import read
from imports.services import ask_to_read, sweep
from imports.services.working import work
from tests.imports.books import MAIN, book, cell, rows_of_xml, saved, with_parts, with_sheet, workbook
from tests.imports.files import applied, errors_of, looked_at, refused, rows_of, tab
from tests.mailsettings.typed import SECRET
from tests.people import As, person

pytestmark = pytest.mark.django_db
NAMES = ["Name", "Priority"]


def read_instead(found: Import, sheet: str) -> Import:
    """Have another sheet read here."""
    assert ask_to_read(user=person("admin"), pk=found.pk, sheet=sheet)
    work(found.pk)
    found.refresh_from_db()
    return found


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_hidden_sheets_and_charts_are_not_read(state: str) -> None:
    made = book(NAMES, ["OLD", 5], Queues=[NAMES, ["A", 5]])
    made.worksheets[0].sheet_state = state
    made.create_chartsheet("Chart", 0)
    made.active = 2

    found = looked_at("queue", saved(made))

    assert (found.sheet, found.sheets) == ("Queues", [])
    assert [row.object_name for row in rows_of(found)] == ["A"]
    assert not ImportPiece.objects.exists()
    made.worksheets[1].sheet_state = "hidden"
    assert "All sheets of the workbook are hidden" in refused("queue", saved(made))


def test_another_sheet_is_read_from_the_same_file_and_the_bytes_go_with_the_import() -> None:
    found = looked_at("queue", workbook(NAMES, ["A", 5], More=[NAMES, ["B", 6], ["C", 6]]))
    assert (found.sheet, found.sheets, found.counts) == ("Sheet", ["More"], {"created": 1})
    assert ImportPiece.objects.filter(of=found).exists()
    assert not ask_to_read(user=person("admin"), pk=found.pk, sheet="Other")

    read_instead(found, "More")

    assert (found.sheet, found.sheets, found.rows, found.counts) == ("More", ["Sheet"], 2, {"created": 2})
    assert [row.object_name for row in rows_of(found)] == ["B", "C"]
    assert applied(found).state == State.APPLIED
    assert not ImportPiece.objects.exists()
    assert not ask_to_read(user=person("admin"), pk=found.pk, sheet="Sheet")


def test_an_empty_first_sheet_and_one_with_other_columns_lead_to_the_right_one() -> None:
    empty = looked_at("queue", workbook(More=[NAMES, ["B", 6]]))
    assert "The sheet “Sheet” is empty. Something stands in “More”: have that read." in empty.said
    assert read_instead(empty, "More").counts == {"created": 1}

    alone = looked_at("queue", workbook(NAMES, More=[NAMES, ["B", 6]]))
    assert "holds no row below the names of its columns. Something stands in “More”" in alone.said

    cover = looked_at("queue", workbook(["Contents", "Page"], ["Queues", 2], More=[NAMES, ["B", 6]]))
    assert cover.said == (
        "The sheet “Sheet” does not name the columns, as one with rows to import does. The names of the columns stand "
        "in row 1 of the sheet “More”: have that read."
    )
    assert (cover.state, cover.sheets) == (State.NOT_READ, ["More"])
    assert read_instead(cover, "More").counts == {"created": 1}


READ_ME = (
    [["Read me"]],
    [["Read me first"], ["Fill in the sheet Queues."], [], ["Contact:", "it@example.com"]],
    [["This workbook holds our queues."], ["Version", 3], ["Name", "Anna"]],
    [[f"Line {number}"] for number in range(40)],
    [["Read me", "", "", "v1"], *([["x" * 3000, "y" * 3000]] * 20)],
)


@pytest.mark.parametrize("cover", READ_ME)
def test_a_cover_sheet_leads_to_the_one_that_names_the_columns(cover: list[list[str]]) -> None:
    lists = [["Status", "Yes"], ["", "No"]]
    body = workbook(*cover, Lists=lists, Template=[NAMES], Queues=[["Our queues"], [], NAMES, ["B", 6]])

    found = looked_at("queue", body)

    assert found.state == State.NOT_READ
    assert "The names of the columns stand in row 3 of the sheet “Queues”: have that read." in found.said
    assert read_instead(found, "Queues").counts == {"created": 1}


def test_a_slip_in_the_names_is_told_and_the_other_sheet_too() -> None:
    found = looked_at("queue", workbook(["Nmae", "Priority"], ["A", 5], More=[NAMES, ["B", 6]]))

    assert found.said.startswith("These columns are not known here: Nmae (column A). Row 1 names the columns: ")
    assert found.said.endswith("The names of the columns stand in row 1 of the sheet “More”: have that read.")
    empty = looked_at("queue", workbook(Notes=[["x"]], More=[NAMES, ["B", 6]]))
    assert "is empty. Something stands in “More”: have that read." in empty.said
    alone = looked_at("queue", workbook(["Contents", "Page"], More=[["Other", "things"], ["B", 6]]))
    assert "have that read" not in alone.said


def test_other_sheets_that_are_hostile_are_passed_over() -> None:
    body = workbook(["Read me"], Bad=[["x"]], Large=[["x"]], More=[NAMES, ["B", 6]])
    large = b'<worksheet xmlns="%s"><sheetData><row r="999999999999"><c><v>1</v></c></row></sheetData></worksheet>'
    parts = {"xl/worksheets/sheet2.xml": b"<x", "xl/worksheets/sheet3.xml": large % MAIN.encode()}

    found = looked_at("queue", with_parts(body, parts))

    assert "row 1 of the sheet “More”" in found.said
    assert "The sheet names a row 999,999,999,999" in read_instead(found, "Large").said


@pytest.mark.parametrize("number", ["1E400", "-1E400", "NaN"])
def test_a_number_that_no_spreadsheet_holds_is_no_name(number: str) -> None:
    said = refused("queue", with_sheet(rows_of_xml(cell("A2", number, kind="n"))))

    assert said.startswith("The file cannot be read: it is damaged")


def test_nothing_is_kept_of_a_workbook_in_which_a_secret_was_met() -> None:
    rows = [["Id", "Secret"], ["A", SECRET]]

    said = refused("incoming_server", workbook(*rows, More=rows))

    assert "something stands in the column Secret" in said
    assert not ImportPiece.objects.exists()


def test_the_bytes_of_a_workbook_are_kept_for_a_day() -> None:
    old, new = (looked_at("queue", workbook(NAMES, ["A", 5], More=[NAMES, ["B", 6]])) for _ in range(2))
    Import.objects.filter(pk=old.pk).update(uploaded_at=timezone.now() - timedelta(hours=25))

    sweep()

    assert set(ImportPiece.objects.values_list("of", flat=True)) == {new.pk}
    assert Import.objects.count() == 2


def test_the_page_names_the_sheet_and_offers_the_others(signed_in: As) -> None:
    made = book(NAMES, ["A", 5], More=[NAMES, ["B", 6]], Last=[NAMES, ["C", 6]])
    made.active = 2
    admin, found = signed_in("admin"), looked_at("queue", saved(made))

    page = admin.get(found.get_absolute_url()).content.decode()
    assert "The sheet <b>Sheet</b> was read." in page
    assert 'value="More">More</button>' in page
    assert 'value="Last">Last (open when the file was saved)</button>' in page
    assert _read(admin, found, "More") == "Waiting to be read"
    work(found.pk)
    found.refresh_from_db()
    assert [row.object_name for row in rows_of(found)] == ["B"]
    ImportPiece.objects.all().delete()
    gone = admin.post(reverse("imports:sheet", args=[found.pk]), {"sheet": "Last"}, follow=True).content.decode()
    assert "The workbook is not kept any more" in gone


def _read(client: Client, found: Import, sheet: str) -> str:
    """Press the button of a sheet, and return how the import stands then."""
    client.post(reverse("imports:sheet", args=[found.pk]), {"sheet": sheet})
    found.refresh_from_db()
    return str(State(found.state).label)


def test_cells_without_a_value_refuse_their_rows_and_no_others() -> None:
    made = book([*NAMES, "Description", "Status"], ["A", 5, "=1+1", "=1"], ["B", 5, "x", "#N/A"], ["C", 5, "#N/A", ""])
    sheet = made.worksheets[0]
    sheet.append(["D", 5, "merged", ""])
    sheet.append(["E", 5, None, ""])
    sheet.append(["F", 5, "########", ""])
    sheet["D3"].data_type = sheet["C4"].data_type = "e"
    sheet.merge_cells("C5:C6")
    sheet.merge_cells("A30:C40")

    found = looked_at("queue", saved(made))

    assert found.counts == {"created": 1, "refused": 5}
    told = [row[0] if row else None for row in errors_of(found)]
    assert [row and row[0] for row in told] == ["Description", None, *["Description"] * 4]
    starts = [
        "Cell C2 holds a formula without a result.",
        "Cell C4 holds the error #N/A",
        "Cell C5 belongs to the merged",
    ]
    starts += ["Cell C6 belongs to the merged cells C5:C6", "Cell C7 holds ########"]
    assert all(row[1].startswith(start) for row, start in zip(filter(None, told), starts, strict=True))


@pytest.mark.parametrize(
    "text",
    [
        "#N/A", "#NV", "#BEZUG!", "#¿NOMBRE?", "#DIV/0!", "#DZIEL/0!", "#ADR!", "#НАЗВА?", "#ИМЯ?", "#ССЫЛКА!", "#Н/Д",
        "#VÄRDEFEL!", "#SAKNAS!", "#JAKO/0!", "#DĚLENÍ_NULOU!", "#ÉRTÉK!", "#SAYI/0!", "#I/T", "#ERROR!", "Err:502",
    ],
)  # fmt: skip
def test_errors_are_known_in_text_in_the_languages_of_spreadsheets(text: str) -> None:
    found = looked_at("queue", tab(["Name", "Description"], ["A", text], ["B", f"{text} 1"], ["C", "#1 queue!"]))

    assert found.counts == {"created": 2, "refused": 1}
    [[label, message]] = errors_of(found)[0]
    assert (label, message.split(".")[0]) == ("Description", f"Cell B2 holds the error {text} of a spreadsheet")


def test_a_date_with_a_time_of_day_is_given_as_a_moment_and_one_without_as_a_date() -> None:
    moments = (datetime(2027, 3, 31), datetime(2027, 3, 31, 10, 15), datetime(2027, 3, 31, 10, 14, 59, 999_999))  # noqa: DTZ001
    rows = list(read([workbook(["x"], *([moment] for moment in moments))]).rows)

    assert [row.cells for row in rows[1:]] == [["2027-03-31"], ["2027-03-31 10:15:00"], ["2027-03-31 10:15:00"]]
