"""Files that cannot be read, each with one clear message, and the formats that can."""

import csv
import io
import zipfile
from collections.abc import Callable, Sequence

import openpyxl
import pytest
from django.conf import LazySettings

from imports.kinds import KINDS
from imports.models import Import
from imports.reading import BadFile, read
from tests.imports.files import looked_at, refused, rows_of, send, tab
from tests.people import As, incoming, queue

LABELS = ["Name", "Enabled", "Priority", "Description"]
SHEET = "xl/worksheets/sheet1.xml"
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row><c t="inlineStr">'
    "<is><t>&b;</t></is></c></row></sheetData></worksheet>"
)


def workbook(*rows: Sequence[object]) -> bytes:
    """Return a workbook as a spreadsheet program writes it."""
    book, body = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(body)
    return body.getvalue()


def with_part(name: str, content: bytes, *, packed: bool = True) -> bytes:
    """Return a workbook in which one part is replaced."""
    old, body = zipfile.ZipFile(io.BytesIO(workbook(LABELS, ["x", "Yes", 1, ""]))), io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as new:
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
    return body.getvalue()


def all_of(body: bytes) -> list[list[str]]:
    """Read the whole file."""
    file = read([body])
    header = KINDS["queue"].columns.find(file)
    return [header.labels, *(cells for _, cells, _ in header.kept(file))]


def csv_of(*rows: list[str], delimiter: str = ",") -> bytes:
    """Return a CSV file."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode()


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"\xef\xbb\xbf\r\n\r\n", "The file is empty."),
    "labels alone": (lambda: tab(LABELS), "holds no row"),
    "UTF-16 without a mark": (lambda: "Name\tx\r\na\tb".encode("utf-16-le"), "seems to be in UTF-16"),
    "half of UTF-16": (lambda: "Name\r\na".encode("utf-16")[:-1], "not in the encoding that its first bytes name"),
    "Latin-1": (lambda: "Name\r\nZürich".encode("latin-1"), "not in UTF-8"),
    "a lost quotation mark": (
        lambda: b'Name\tPriority\r\n"a\t1\r\nb\t2\r\n',
        "Line 2 cannot be read as a row: a quotation",
    ),
    "a quotation mark inside": (lambda: b'Name\tPriority\r\n"a"b\t1\r\n', "Line 2 cannot be read as a row"),
    "too many cells": (
        lambda: tab(["Name", "Priority"], ["a", "1"], ["b", "2", "c"]),
        "Cell C3 holds something, but row 1 gives column C no name",
    ),
    "a huge cell": (lambda: tab(["Name"], ["x" * 100_000]), "cannot be read as a row"),
    "a huge line": (lambda: b"Name\n" + b"," * 2_000_000, "Line 2 holds more than 1,000,000 characters"),
    "hundreds of columns": (lambda: tab([str(n) for n in range(300)], ["a"]), "Row 1 has more than 100 columns"),
    "old Excel": (lambda: b"\xd0\xcf\x11\xe0" + bytes(600), "the old kind (.xls)"),
    "any zip": (lambda: b"PK\x03\x04" + bytes(600), "The file cannot be read"),
    "entities": (lambda: with_part(SHEET, BOMB.encode()), "holds a document type"),
    "no XML": (lambda: with_part(SHEET, b"<worksheet><"), "The file cannot be read"),
    "no sheet": (lambda: with_part("xl/workbook.xml", b"<x/>"), "The file cannot be read"),
    "a zip bomb": (lambda: with_part(SHEET, bytes(257 * 1024 * 1024)), "unpacks to more than 256 MB"),
}


@pytest.mark.parametrize("name", BAD)
def test_an_unfit_file_gets_one_clear_message(name: str) -> None:
    make, message = BAD[name]

    with pytest.raises(BadFile, match=message.replace("(", r"\(").replace(")", r"\)").replace(".", r"\.")):
        all_of(make())


def test_more_rows_than_an_import_takes_are_refused() -> None:
    assert len(all_of(b"Name\n" + b"x\n" * 50_000)) == 50_001
    with pytest.raises(BadFile, match="more than 50,000 rows"):
        all_of(b"Name\n" + b"x\n" * 50_001)


def test_the_archive_is_not_believed() -> None:
    body = bytearray(with_part(SHEET, b"<" * 5_000_000))
    size = (5_000_000).to_bytes(4, "little")
    assert body.count(size) == 2
    lies = bytes(body).replace(size, (100).to_bytes(4, "little"))

    with pytest.raises(BadFile, match="cannot be read"):
        all_of(lies)


HEADS = (
    (["Name", "Colour"], "These columns are not known here: Colour (column B). Row 1 names the columns: Id, Name"),
    (["Name", "name"], "The column Name stands there twice"),
    (["Priority"], "No row could be matched: a column is missing. The file needs Id or Name."),
    (["Name", ""], "Cell B2 holds something, but row 1 gives column B no name."),
)


@pytest.mark.django_db
@pytest.mark.parametrize(("labels", "message"), HEADS)
def test_wrong_columns_are_named(labels: list[str], message: str) -> None:
    assert message in refused("queue", tab(labels, ["a"] * len(labels)))


@pytest.mark.django_db
def test_no_file_an_empty_one_and_one_too_large(signed_in: As, settings: LazySettings) -> None:
    admin = signed_in("admin")

    assert "Choose a file" in admin.post("/imports/new/", {"kind": "queue"}).content.decode()
    assert "The file is empty" in send(admin, "queue", b"").content.decode()
    assert "Choose what the file holds" in send(admin, "nothing", tab(["Name"], ["a"])).content.decode()
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 100_000
    large = send(admin, "queue", tab(["Name"], *(["x" * 100] for _ in range(2_000))))
    assert large.status_code == 422
    assert "larger than" in large.content.decode()
    assert not Import.objects.exists()


@pytest.mark.django_db
def test_csv_and_workbooks_say_the_same_as_the_tab_file(signed_in: As) -> None:
    queue(name="Old", priority=7)
    text = 'a line\nanother, with "quotes" and a\ttab'
    rows = [["Old", "No", "9", "=1+1"], ["Zürich 東京", "yes", "3", text], ["Bad", "maybe", "0", ""]]

    found = [
        looked_at("queue", tab(LABELS, *rows)),
        looked_at("queue", csv_of(LABELS, *[[cell.replace("=1", "'=1") for cell in row] for row in rows])),
        looked_at(
            "queue", workbook(LABELS, ["Old", False, 9, "'=1+1"], ["Zürich 東京", True, 3.0, text], ["Bad", "maybe", 0])
        ),
    ]

    seen = [[(row.number, row.outcome, row.before, row.after, row.errors) for row in rows_of(item)] for item in found]
    seen[2][0][3]["description"] = seen[2][0][3]["description"].removeprefix("'")
    assert seen[0] == seen[1] == seen[2]
    assert [row[1] for row in seen[0]] == ["changed", "created", "refused"]
    assert seen[0][1][3]["description"] == text
    assert [column for column, _ in seen[0][2][4]] == ["Enabled", "Priority"]


@pytest.mark.django_db
def test_an_export_of_each_kind_is_known(signed_in: As) -> None:
    incoming(name="Contoso")
    queue(name="Support", description="a_x000D_b\r\nc")
    admin = signed_in("admin")

    for kind, path in (("queue", "/queues/"), ("incoming_server", "/e-mail-settings/incoming/")):
        for format_ in ("tab", "csv", "xlsx"):
            export = admin.get(path, {"format": format_})
            found = looked_at(kind, export.getvalue())
            assert found.counts == {"unchanged": 1}, (
                kind,
                format_,
                [row.errors or row.after for row in rows_of(found)],
            )
