"""Which reader a file gets, and the limits that all files are held to."""

import io
from collections.abc import Iterator
from typing import Any

from imports.reader.bad import BadFile
from imports.reader.limits import LONGEST_CELL, LONGEST_ROW, MOST_COLUMNS, MOST_ROWS, MOST_TEXT
from imports.reader.text import text_rows

ZIP = b"PK\x03\x04"
OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def read(content: bytes, sheet: str) -> Iterator[Any]:
    """Give what there is to tell of the file, then each row that holds something with its number, counted from 1.

    Raises BadFile, also between the rows.
    """
    if content.startswith(OLD_EXCEL):
        raise BadFile("This is a workbook of the old kind (.xls). Save it as .xlsx, then choose it again.")
    file = io.BytesIO(content)
    if content.startswith(ZIP):
        from imports.reader.xlsx import xlsx_rows  # noqa: PLC0415  takes four times as long as all else to begin

        yield {"format": "xlsx"}
        yield from _held(xlsx_rows(file, sheet))
    else:
        delimiter, rows = text_rows(file)
        yield {"format": "csv" if delimiter == "," else "tab"}
        yield from _held(rows)


def _held(rows: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Give the rows that hold something, held to the limits."""
    held = total = 0
    for number, cells in enumerate(rows, 1):
        if not any(cell.strip() for cell in cells):
            continue
        held += 1
        if held > MOST_ROWS + 1:
            raise BadFile(f"The file has more than {MOST_ROWS:,} rows. Split it and import the parts.")
        length = sum(map(len, cells))
        total += length
        if length > LONGEST_ROW or total > MOST_TEXT or max(map(len, cells)) > LONGEST_CELL:
            raise _too_long(number, cells, length)
        yield number, _narrow(number, cells) if len(cells) > MOST_COLUMNS else cells


def _narrow(number: int, cells: list[str]) -> list[str]:
    """Return a row without empty cells beyond the last column that may be read."""
    if any(cell.strip() for cell in cells[MOST_COLUMNS:]):
        raise BadFile(
            f"Row {number} has more than {MOST_COLUMNS} columns, which no export has. Is this the right file?"
        )
    return cells[:MOST_COLUMNS]


def _too_long(number: int, cells: list[str], length: int) -> BadFile:
    """Say which limit a row's texts break."""
    longest = max(map(len, cells))
    if longest > LONGEST_CELL:
        return BadFile(
            f"Row {number} has a cell of {longest:,} characters; {LONGEST_CELL:,} is the most that is read. "
            "Is this the right file?"
        )
    if length > LONGEST_ROW:
        return BadFile(f"Row {number} holds more than {LONGEST_ROW:,} characters. Is this the right file?")
    return BadFile(f"The file holds more than {MOST_TEXT:,} characters. Split it and import the parts.")
