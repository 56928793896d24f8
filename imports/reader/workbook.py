"""Workbooks: which sheet is read, and its rows as texts.

Each part is first walked through by ``walk``, which holds it to the limits; only then openpyxl takes it up. defusedxml,
which openpyxl uses where it is installed, refuses entities.
"""

import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from math import isfinite
from typing import Any, BinaryIO, Final, NamedTuple

from defusedxml import DefusedXmlException
from openpyxl import DEFUSEDXML
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser

from imports.reader.bad import DAMAGED, BadFile
from imports.reader.limits import LONGEST_BEGUN, LONGEST_NAME, MIB, MOST_COLUMNS, MOST_PARTS, MOST_SHEETS, MOST_UNPACKED
from imports.reader.rows import LIKE_ERRORS, Found, Row
from imports.reader.walk import SheetWalk, Walk, last_row_of_beginning

TOO_LARGE = (
    f"The workbook unpacks to more than {MOST_UNPACKED // MIB} MB or {MOST_PARTS:,} parts, far more than an import "
    "holds. Save the sheet alone, as .xlsx or as CSV UTF-8."
)
STRICT = "The workbook is in the format Strict Open XML. Save it as Excel Workbook (.xlsx)."
ALL_HIDDEN = "All sheets of the workbook are hidden, and hidden sheets are not read. Show the one that holds the rows."
SMALL_PARTS = re.compile(r"\[Content_Types\]\.xml|.*\.rels|xl/(workbook|styles|sharedStrings)[^/]*\.xml", re.IGNORECASE)
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
SURROGATES = range(0xD800, 0xE000)
HALF_A_SECOND: Final = timedelta(milliseconds=500)
NO_RESULT, ERROR, TEXT = "formula", "error", "text"
# What a damaged or hostile workbook raises in openpyxl, which has no exception of its own for that.
FAULTS = (
    DefusedXmlException, zipfile.BadZipFile, zipfile.LargeZipFile, KeyError, ValueError, TypeError, AttributeError,
    IndexError, EOFError, SyntaxError, OSError, NotImplementedError, RuntimeError, OverflowError, AssertionError,
    zlib.error, lzma.LZMAError, struct.error,
)  # fmt: skip

if not DEFUSEDXML:
    raise ImportError("defusedxml must be installed, or openpyxl expands entities.")


class Sheet(NamedTuple):
    """A sheet that is not hidden, and where in the archive it is."""

    name: str
    part: str


def workbook_rows(file: BinaryIO, wanted: str) -> Found:
    """Return what there is to tell of the workbook, and the rows of the sheet of that name, else of the first one.

    Sheets that are hidden or hold a chart count for nothing.
    """
    try:
        archive = _opened(file)
        reader = _begun(archive, file)
        sheets, active = _sheets(reader)
        chosen = next((sheet for sheet in sheets if sheet.name == wanted), sheets[0])
        walked = SheetWalk()
        with archive.open(chosen.part) as part:
            walked.through(part)
        others = [sheet for sheet in sheets if sheet is not chosen]
        head = {
            "format": "xlsx",
            "sheet": chosen.name,
            "others": [sheet.name for sheet in others],
            "active": active,
            "begun": {sheet.name: rows for sheet in others if (rows := _begun_rows(reader, archive, sheet))},
            "merged": walked.merged,
            "hidden_rows": walked.hidden_rows,
            "hidden_columns": walked.hidden_columns,
        }
    except FAULTS as fault:
        raise BadFile(DAMAGED) from fault
    return head, _rows(reader, archive, chosen, walked.last_row)


def _opened(file: BinaryIO) -> zipfile.ZipFile:
    """Return the archive, after a look at what it says of its own size; zipfile unpacks no more than that."""
    archive = zipfile.ZipFile(file)
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise BadFile(TOO_LARGE)
    return archive


def _begun(archive: zipfile.ZipFile, file: BinaryIO) -> ExcelReader:
    """Return openpyxl's reader with texts and styles read, and no sheet."""
    for name in archive.namelist():
        if SMALL_PARTS.fullmatch(name):
            with archive.open(name) as part:
                root = Walk().through(part)
            if "purl.oclc.org/ooxml" in root:
                raise BadFile(STRICT)
    reader = ExcelReader(file, read_only=True, data_only=True, keep_links=False)
    reader.read_manifest()
    reader.read_strings()
    reader.read_workbook()
    apply_stylesheet(reader.archive, reader.wb)
    return reader


def _sheets(reader: ExcelReader) -> tuple[list[Sheet], str]:
    """Return the sheets that are seen, and the name of the one that was open when the workbook was saved."""
    found, active = [], ""
    for place, (sheet, relation) in enumerate(reader.parser.find_sheets()):
        if sheet.state == "visible" and relation.Type.endswith("/worksheet"):
            found.append(Sheet(str(sheet.name)[:LONGEST_NAME], relation.target))
            active = found[-1].name if place == reader.wb.views[0].activeTab else active
    if not found:
        raise BadFile(ALL_HIDDEN if reader.parser.sheets else DAMAGED)
    return found[:MOST_SHEETS], active


def _begun_rows(reader: ExcelReader, archive: zipfile.ZipFile, sheet: Sheet) -> list[tuple[int, list[str]]]:
    """Return the first rows of a sheet that hold something; a damaged one holds nothing that could be read."""
    try:
        with archive.open(sheet.part) as part:
            last = last_row_of_beginning(part)
        rows = _rows(reader, archive, sheet, last) if last else ()
        return [
            (number, [text[:LONGEST_BEGUN] for text in texts[:MOST_COLUMNS]]) for number, texts, _ in rows if any(texts)
        ]
    except (*FAULTS, BadFile):
        return []


def _rows(reader: ExcelReader, archive: zipfile.ZipFile, sheet: Sheet, last: int) -> Iterator[Row]:
    """Give the rows of the sheet down to the last one that holds something."""
    recalculated = bool(reader.wb.calculation and reader.wb.calculation.fullCalcOnLoad)
    try:
        with archive.open(sheet.part) as part:
            parser = _Cells(
                part,
                reader.shared_strings,
                data_only=True,
                epoch=reader.wb.epoch,
                date_formats=reader.wb._date_formats,  # noqa: SLF001  openpyxl's own sheets take them from there
                timedelta_formats=reader.wb._timedelta_formats,  # noqa: SLF001
            )
            parser.recalculated = recalculated
            parser.styles = reader.wb._cell_styles  # noqa: SLF001
            for number, cells in parser.parse():
                if number > last:
                    return
                yield _row(number, cells)
    except FAULTS as fault:
        raise BadFile(DAMAGED) from fault


class _Cells(WorkSheetParser):  # type: ignore[misc]  # the library has no types
    """openpyxl's parser of a sheet, which tells formulas without a result from empty cells too.

    In a workbook that asks to be calculated when it is opened no result is one: the program that wrote it put zeros or
    nothing there. A text with an apostrophe before it, as spreadsheets mark it, is no error whatever it looks like.
    """

    recalculated = False
    styles: Sequence[Any] = ()

    def parse_cell(self, element: Any) -> dict[str, Any]:
        cell: dict[str, Any] = super().parse_cell(element)
        if element.find(FORMULA_TAG) is not None:
            lacks = cell["value"] is None and element.get("t") != "str"
            if lacks or self.recalculated:
                cell |= {"value": "=", "data_type": NO_RESULT}
        elif cell["data_type"] != "e" and str(cell["value"]).lstrip().startswith(LIKE_ERRORS):
            style = int(cell["style_id"])
            if style < len(self.styles) and self.styles[style].quotePrefix:
                cell["data_type"] = TEXT
        return cell


def _row(number: int, cells: list[dict[str, Any]]) -> Row:
    """Return the row's texts from its first column on, and its cells that hold no value."""
    texts = [""] * max((cell["column"] for cell in cells if cell["value"] is not None), default=0)
    faults = {}
    for cell in cells:
        if cell["value"] is not None:
            place = cell["column"] - 1
            texts[place] = _text(cell["value"])
            kind = {"e": ERROR, NO_RESULT: NO_RESULT, TEXT: TEXT}.get(cell["data_type"])
            if kind:
                faults[place] = kind
    return number, texts, faults


def _text(value: Any) -> str:
    """Return a cell as the other formats write it; a moment is a date where its time is 0:00."""
    match value:
        case str():
            return ESCAPED.sub(_sign, value) if "_x" in value else value
        case float() if not isfinite(value):
            raise ValueError("no spreadsheet holds such a number")
        case float() if value.is_integer():
            return str(int(value))
        case bool():
            return "Yes" if value else "No"
        case datetime():
            # A spreadsheet's moment is a fraction of a day, and short of the full second as often as not.
            return (value + HALF_A_SECOND).isoformat(" ", "seconds").removesuffix(" 00:00:00")
    return str(value)


def _sign(found: re.Match[str]) -> str:
    """Return the character that _xHHHH_ encodes."""
    code = int(found[1], 16)
    return found[0] if code in SURROGATES else chr(code)
