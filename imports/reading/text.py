"""Files of text: SC's own tab-delimited format, and CSV."""

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from configurator.console.exports.text import SIGNS
from imports.reading.bad import BadFile

OTHER_ENCODINGS = (b"\xff\xfe", b"\xfe\xff")
NOT_UTF_8 = "The file is not in UTF-8. Save it as UTF-8 (in Excel: CSV UTF-8), or take SC's own format from an export."
LONGEST_CELL = 40_000
OTHERS = {";": "semicolons", "|": "vertical bars"}


def text_rows(file: BinaryIO) -> Iterator[list[str]]:
    """Give the rows of a text file: with tabs SC's own, with commas CSV."""
    if file.read(2) in OTHER_ENCODINGS:
        raise BadFile(NOT_UTF_8)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    try:
        first = text.readline()
        text.seek(0)
        yield from _rows(text, _delimiter(first))
    except UnicodeDecodeError:
        raise BadFile(NOT_UTF_8) from None
    finally:
        text.detach()


def _delimiter(first: str) -> str:
    """Return what separates the columns; BadFile for what neither SC nor CSV takes."""
    if "\t" in first:
        return "\t"
    for sign, name in OTHERS.items():
        if sign in first and "," not in first:
            raise BadFile(f"The columns are separated by {name}. Save the file with tabs or commas between them.")
    return ","


def _rows(text: io.TextIOWrapper, delimiter: str) -> Iterator[list[str]]:
    """Give the rows."""
    csv.field_size_limit(LONGEST_CELL)
    # A sign before a formula was put there by the export, as no other format has it.
    plain = _as_it_was if delimiter == "," else str
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            yield [plain(cell) for cell in cells]
    except csv.Error as error:
        raise BadFile(
            f"Line {reader.line_num} cannot be read as a row ({error}). A text with a quotation mark in it stands in "
            "quotation marks, with those inside doubled."
        ) from None


def _as_it_was(cell: str) -> str:
    """Return a cell without the apostrophe that an export puts before what looks like a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(SIGNS) else cell
