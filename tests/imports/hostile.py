"""Files that are made to hurt whoever reads them, with what is said of each."""

import io
import struct
import zipfile
from collections.abc import Callable
from typing import Final

from tests.imports.books import MAIN, SHEET, cell, rows_of_xml, with_parts, with_sheet, workbook

MIB: Final = 1024 * 1024
STRINGS: Final = "xl/sharedStrings.xml"
TYPES: Final = "[Content_Types].xml"
OF_STRINGS: Final = (
    b'<Override PartName="/xl/sharedStrings.xml" '
    b'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
)
LAUGHS: Final = (
    b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;">]>'
)
OUTSIDE: Final = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
HEAD: Final = '<?xml version="1.0"?>'


def strings(*items: bytes) -> bytes:
    """Return a workbook with these shared texts, whose sheet uses the first."""
    xml = b'<?xml version="1.0"?><sst xmlns="%s">%s</sst>' % (MAIN.encode(), b"".join(items))
    sheet = rows_of_xml(cell("A2", "0", kind="s"))
    body = with_sheet(sheet)
    types = zipfile.ZipFile(io.BytesIO(body)).read(TYPES)
    return with_parts(body, {STRINGS: xml, TYPES: types.replace(b"</Types>", OF_STRINGS + b"</Types>")})


def nested() -> bytes:
    """Return a workbook with another one inside, many times over."""
    body = workbook(["Name"], ["x"])
    for _ in range(50):
        body = with_parts(workbook(["Name"], ["x"]), {"xl/worksheets/sheet2.zip": body})
    return body


def overlapping() -> bytes:
    """Return an archive whose directory names the same 16 MB of zeros a hundred times (after David Fifield's bomb)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(SHEET, bytes(16 * MIB))
        info = archive.filelist[0]
        archive.filelist += [info] * 100
    return out.getvalue()


def truncated(at: float) -> bytes:
    """Return the first part of a workbook."""
    body = workbook(["Name"], *([f"Queue {number}"] for number in range(200)))
    return body[: int(len(body) * at)]


def patched(plus: int, value: bytes) -> bytes:
    """Return a workbook in whose directory a field of each part is overwritten."""
    body = bytearray(workbook(["Name"], ["x"]))
    place = body.find(b"PK\x01\x02")
    while place >= 0:
        body[place + plus : place + plus + len(value)] = value
        place = body.find(b"PK\x01\x02", place + 4)
    return bytes(body)


HOSTILE: Final[dict[str, tuple[Callable[[], bytes], str]]] = {
    "a row number of twelve digits": (
        lambda: with_sheet(b'<row r="1">%s</row><row r="999999999999">%s</row>' % (cell("A1", "Name"), cell("A2"))),
        "The sheet names a row 999,999,999,999; a spreadsheet has 1,048,576.",
    ),
    "the last row of all": (
        lambda: with_sheet(b'<row r="1">%s</row><row r="1048576">%s</row>' % (cell("A1", "Name"), cell("A1048576"))),
        "Row 1,048,576 holds something, below more than 50,000 empty rows.",
    ),
    "the last cell of all": (
        lambda: with_sheet(b'<row r="1">%s%s</row>' % (cell("A1", "Name"), cell("XFD1"))),
        "Cell XFD1 holds something; 100 columns are the most that is read",
    ),
    "a cell beyond the last column": (
        lambda: with_sheet(b'<row r="1">%s%s</row>' % (cell("A1", "Name"), cell("ZZZ1"))),
        "Row 1 has more than 16,384 cells",
    ),
    "a row of two million empty cells": (
        lambda: with_sheet(b"<row>" + b"<c/>" * 2_000_000 + b"</row>"),
        "Row 1 has more than 16,384 cells",
    ),
    "a million empty cells": (
        lambda: with_sheet(rows_of_xml(*[b"<c/>" * 1_000] * 1_600)),
        "more than 1,500,000 cells",
    ),
    "a million rows without cells": (lambda: with_sheet(rows_of_xml(cell("A2")) + b"<row/>" * 1_000_000), ""),
    "rows without end": (
        lambda: with_sheet(rows_of_xml(cell("A2")) + b"<row/>" * 1_100_000),
        "The sheet names a row 1,048,577",
    ),
    "the same row twice": (lambda: with_sheet(b'<row r="5">%s</row><row r="5"/>' % cell("A5")), "damaged"),
    "a cell of 50 MB": (lambda: with_sheet(rows_of_xml(cell("A2", "x" * 50 * MIB))), "Cell A2 holds more than 40,000"),
    "a shared text of 50 MB": (lambda: strings(b"<si><t>" + b"x" * 50 * MIB + b"</t></si>"), "holds more than 40,000"),
    "a long shared text used again and again": (
        lambda: with_parts(
            strings(b"<si><t>" + b"x" * 40_000 + b"</t></si>"),
            {
                SHEET: f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>'.encode()
                + b"<row>%s</row>" % cell("A1", "Name")
                + b'<row><c t="s"><v>0</v></c></row>' * 5_000
                + b"</sheetData></worksheet>"
            },
        ),
        "The file holds more than 100,000,000 characters.",
    ),
    "three million shared texts": (lambda: strings(b"<si/>" * 3_000_000), "more than 2,500,000 cells or texts"),
    "a shared text that is not there": (lambda: with_sheet(rows_of_xml(cell("A2", "7", kind="s"))), "damaged"),
    "elements in elements": (
        lambda: with_sheet(rows_of_xml(b"<c>" * 500_000 + b"</c>" * 500_000)),
        "nested more than 40 deep",
    ),
    "entities in entities": (lambda: with_sheet(rows_of_xml(cell("A2", "&c;")), before=LAUGHS), "a document type"),
    "an entity from a file": (lambda: with_sheet(rows_of_xml(cell("A2", "&a;")), before=OUTSIDE), "a document type"),
    "entities among the types": (
        lambda: with_parts(workbook(["Name"], ["x"]), {"[Content_Types].xml": LAUGHS + b"<x>&c;</x>"}),
        "a document type",
    ),
    "wrong dimensions": (
        lambda: with_parts(
            workbook(["Name"], ["x"]),
            {
                SHEET: f'{HEAD}<worksheet xmlns="{MAIN}"><dimension ref="A1:XFD1048576"/><sheetData>'.encode()
                + rows_of_xml(cell("A2"))
                + b"</sheetData></worksheet>"
            },
        ),
        "",
    ),
    "thousands of merged areas": (
        lambda: with_sheet(
            rows_of_xml(cell("A2")),
            after=b"<mergeCells>"
            + b"".join(b'<mergeCell ref="A%d:XFD1048576"/>' % number for number in range(3, 2_000))
            + b"</mergeCells>",
        ),
        "more than 1,000 merged areas",
    ),
    "an archive that unpacks to 300 MB": (lambda: with_parts(workbook(["x"]), {SHEET: bytes(300 * MIB)}), "256 MB"),
    "archives in archives": (nested, ""),
    "an archive whose parts are the same": (overlapping, "packed folder"),
    "thousands of parts": (
        lambda: with_parts(workbook(["x"]), {f"xl/{number}.xml": b"" for number in range(3_000)}),
        "2,000 parts",
    ),
    "half an archive": (lambda: truncated(0.5), "damaged"),
    "an archive without its last bytes": (lambda: truncated(0.99), "damaged"),
    "an archive that asks for a password": (lambda: patched(8, b"\x01\x00"), "damaged"),
    "an unknown way of packing": (lambda: patched(10, struct.pack("<H", 99)), "damaged"),
    "20 MB of commas": (lambda: b"," * 20 * MIB, "Line 1 holds more than 1,000,000 characters."),
    "20 MB of commas, line by line": (lambda: (b"," * 999 + b"\n") * 20_000, "The file is empty."),
    "20 MB of blank lines": (lambda: b"\n" * 20 * MIB, "more than 50,000 empty rows"),
    "a quotation mark that is never closed": (lambda: b'Name,Priority\n"' + b"x\n" * 10 * MIB, "Line 2 cannot be read"),
    "quotation marks without end": (lambda: b'"' * 20 * MIB, "Line 1 holds more than 1,000,000 characters."),
    "a cell on each of a million lines": (lambda: b"Name\n" + b"x\n" * MIB, "more than 50,000 rows"),
    "nothing but zeros": (lambda: bytes(20 * MIB), "UTF-16"),
    "zeros in a text": (lambda: b"Name\n" + b"a\0b\n" * 100, ""),
}  # fmt: skip
