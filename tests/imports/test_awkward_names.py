"""Whatever a queue is called, the console's own files give it back: SC's format, CSV and XLSX."""

import csv
import random
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import openpyxl
import pytest

from configurator.console.exports.text import csv_file, tab_file
from configurator.console.exports.xlsx import xlsx_file
from imports.models import Import
from imports.reading import read
from queues.models import Queue
from tests.console.exported import taken
from tests.imports.books import book, cell, rows_of_xml, saved, with_sheet
from tests.imports.files import applied, errors_of, looked_at, rows_of, tab
from tests.people import As, queue

ERRORS = ("#N/A", "#REF!", "#NV", "#¿NOMBRE?", "Err:502", "########", "#DIV/0!", "#ССЫЛКА!")
AWKWARD = (
    *ERRORS, "'#N/A", "''#REF!", "#N/A 1", "#1", "=1+1", "'=1", '="#N/A"', '="x"', "sep=;", "TRUE", "007", "1e5", "D",
    "2027-03-31", "_x0041_", '"', '"#N/A"', "'", "Name", "null",
)  # fmt: skip
PIECES = (
    "#", "'", '"', "=", "N/A", "REF!", "Err:", "502", " ", "  ", "\t", "\n", "\r\n", ",", ";", "-", "@", "_x000D_", "ß",
    "\u00a0", "東", "🔑", "x", "###", "!", "?", "1", "\x07",
)  # fmt: skip
WRITERS: dict[str, Callable[[list[str], Iterable[list[Any]]], Iterator[bytes]]] = {
    "tab": tab_file,
    "csv": csv_file,
    "xlsx": xlsx_file,
}


@pytest.mark.django_db
@pytest.mark.parametrize("format_", WRITERS)
def test_each_name_comes_back(format_: str, signed_in: As) -> None:
    for name in AWKWARD:
        queue(name=name, description=name)
    names = set(Queue.objects.values_list("name", "description"))
    body = taken(signed_in("admin"), "/queues/", format_)

    assert looked_at("queue", body).counts == {"unchanged": len(AWKWARD)}
    Queue.objects.all().delete()
    found = looked_at("queue", body)

    assert found.counts == {"created": len(AWKWARD)}, errors_of(found)
    applied(found)
    assert set(Queue.objects.values_list("name", "description")) == names


@pytest.mark.django_db
@pytest.mark.parametrize("format_", WRITERS)
def test_texts_made_of_what_is_awkward_come_back(format_: str) -> None:
    made = random.Random(13)  # noqa: S311  no secret
    texts = ["".join(made.choices(PIECES, k=made.randint(1, 6))) for _ in range(2_000)]
    texts = [text for text in texts if text.strip()]

    file = read(list(WRITERS[format_](["Name", "Description"], ([text, text] for text in texts))))
    rows = list(file.rows)[1:]

    assert [(row.cell(0), row.cell(1)) for row in rows] == [(text, text) for text in texts]
    lost = [row.cell(0) for row in rows if row.faults.get(0, "text") != "text"]
    assert lost == []


@pytest.mark.django_db
@pytest.mark.parametrize("text", ERRORS)
def test_what_only_looks_like_one_is_refused_where_nothing_marks_it_as_a_text(text: str) -> None:
    plain = tab(["Name", "Description"], ["A", text])
    quoted = "\r\n".join(f'"{name}"\t"{about}"' for name, about in (("Name", "Description"), ("A", text))).encode()
    for body in (plain, quoted, plain.replace(b"\t", b","), with_sheet(rows_of_xml(cell("A2", text)))):
        assert _refused(looked_at("queue", body)) == [text]


@pytest.mark.django_db
def test_a_text_that_a_spreadsheet_user_marks_with_an_apostrophe_is_one() -> None:
    made = book(["Name", "Description"], ["A", "x"], ["B", "x"])
    sheet = made.worksheets[0]
    sheet["B2"].value = sheet["B3"].value = "#N/A"
    sheet["B2"].data_type = "s"
    sheet["B2"].style = openpyxl.styles.NamedStyle("text")
    sheet["B2"].quotePrefix = True
    assert sheet["B3"].data_type == "e"

    found = looked_at("queue", saved(made))

    assert rows_of(found)[0].after["description"] == "#N/A"
    assert errors_of(found)[1][0][1].startswith("Cell B3 holds the error #N/A of a spreadsheet.")


def test_csv_marks_what_looks_like_an_error_with_an_apostrophe() -> None:
    body = b"".join(csv_file(["Name"], [["#N/A"], ["'#N/A"], ["#1"], ["Err:502"]])).decode("utf-8-sig")

    assert [row[0] for row in csv.reader(body.splitlines())] == ["Name", "'#N/A", "''#N/A", "#1", "'Err:502"]


def _refused(found: Import) -> list[str]:
    """Return what was written in the cells for which rows are refused."""
    assert set(found.counts) == {"refused"}, found.counts
    messages = [message for row in errors_of(found) for _, message in row]
    assert all(message.startswith("Cell ") for message in messages), messages
    return [
        message.split(" holds ")[1].removeprefix("the error ").split(" of a ")[0].split(", as")[0]
        for message in messages
    ]
