"""Which reader a file gets, and what is asked of all files."""

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import PurePath
from typing import BinaryIO

from imports.reading.bad import BadFile
from imports.reading.text import text_rows
from imports.reading.xlsx import xlsx_rows

MOST_ROWS = 50_000
MOST_COLUMNS = 100
ZIP = b"PK\x03\x04"
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
Rows = Iterator[tuple[int, list[str]]]


def read(file: BinaryIO) -> tuple[list[str], Rows]:
    """Return the labels in the first row of the file, and its other rows with their numbers.

    Raises BadFile, also while the rows are taken, where the file cannot be read to its end.
    """
    head = file.read(len(ZIP))
    file.seek(0)
    if head == OLD_EXCEL:
        raise BadFile("This is a workbook of the old kind (.xls). Save it as .xlsx, then choose it again.")
    rows = _numbered(xlsx_rows(file) if head == ZIP else text_rows(file))
    first = next(rows, None)
    if first is None:
        raise BadFile("The file is empty. Its first row must name the columns, as an export in SC's own format does.")
    labels = first[1]
    if len(labels) > MOST_COLUMNS:
        raise BadFile(f"The first row names {len(labels)} columns, which no export has. Is this the right file?")
    second = next(rows, None)
    if second is None:
        raise BadFile("The file names its columns but holds no row. Nothing would be imported.")
    return labels, _fitting(len(labels), chain([second], rows))


def _numbered(rows: Iterator[list[str]]) -> Rows:
    """Give each row that holds something with its number, counted from 1 as spreadsheets do."""
    held = 0
    for number, cells in enumerate(rows, 1):
        if any(cell.strip() for cell in cells):
            held += 1
            if held > MOST_ROWS + 1:
                raise BadFile(f"The file has more than {MOST_ROWS:,} rows. Split it and import the parts.")
            yield number, cells


def _fitting(width: int, rows: Rows) -> Rows:
    """Give each row with as many cells as there are labels."""
    for number, cells in rows:
        if any(cell.strip() for cell in cells[width:]):
            raise BadFile(
                f"Row {number} has more cells than the first row has labels. A text that holds the separator stands "
                "in quotation marks; was one lost?"
            )
        yield number, (cells + [""] * width)[:width]


def tidy_name(name: str) -> str:
    """Return the file's name without its path and without signs that only steer."""
    plain = re.sub(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", PurePath(name.replace("\\", "/")).name)
    return plain[:200] or "file"
