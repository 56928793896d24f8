"""Workbooks, read row by row by openpyxl; defusedxml, which it takes up by itself, refuses entities.

Before anything is unpacked the archive's own figures are looked at, and zipfile unpacks no more than they say.
"""

import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any, BinaryIO

from defusedxml import DefusedXmlException
from openpyxl import DEFUSEDXML, load_workbook

from imports.reader.bad import BadFile
from imports.reader.limits import MIB

# Sheets are read row by row; the other parts are held in memory as a whole.
MOST_OF_A_SHEET, MOST_OF_A_PART, MOST_PARTS = 256 * MIB, 16 * MIB, 500
UNREADABLE = "The workbook cannot be read: it is damaged or not made by a spreadsheet. Save it anew as .xlsx or as CSV."
TOO_LARGE = "The workbook unpacks to far more than an import holds. Save the sheet alone, as .xlsx or as CSV."
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
SURROGATES = range(0xD800, 0xE000)
# What a damaged or hostile workbook raises in openpyxl, which has no exception of its own for that.
FAULTS = (
    DefusedXmlException, zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError, EOFError,
    SyntaxError, OSError, NotImplementedError, RuntimeError, OverflowError,
)  # fmt: skip

if not DEFUSEDXML:
    raise ImportError("defusedxml must be installed, or openpyxl expands entities.")


def xlsx_rows(file: BinaryIO, sheet: str) -> Iterator[list[str]]:
    """Give the rows of the sheet of that name as texts, of the first that is not hidden where there is none."""
    _refuse_bombs(file)
    try:
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        visible = [one for one in book.worksheets if one.sheet_state == "visible"]
        chosen = next((one for one in visible if one.title == sheet), visible[0])
        # What a sheet says of its own size may be wrong, and may make a short row a million cells long.
        chosen.reset_dimensions()
        for row in chosen.iter_rows(values_only=True):
            yield [_text(value) for value in row]
    except FAULTS as fault:
        raise BadFile(UNREADABLE) from fault


def _refuse_bombs(file: BinaryIO) -> None:
    """Refuse an archive that says of itself that it is larger than any import."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except FAULTS as fault:
        raise BadFile(UNREADABLE) from fault
    finally:
        file.seek(0)
    limits = [(MOST_OF_A_SHEET if "worksheets/" in part.filename else MOST_OF_A_PART) for part in parts]
    if len(parts) > MOST_PARTS or any(part.file_size > most for part, most in zip(parts, limits, strict=True)):
        raise BadFile(TOO_LARGE)


def _text(value: Any) -> str:
    """Return a cell as the text that stands for it in the other formats."""
    match value:
        case None:
            return ""
        case str():
            return ESCAPED.sub(_sign, value) if "_x" in value else value
        case float() if value.is_integer():
            return str(int(value))
        case bool():
            return "Yes" if value else "No"
        case datetime():
            return value.isoformat(" ", "seconds").removesuffix(" 00:00:00")
    return str(value)


def _sign(found: re.Match[str]) -> str:
    """Return the sign that _xHHHH_ stands for."""
    code = int(found[1], 16)
    return found[0] if code in SURROGATES else chr(code)
