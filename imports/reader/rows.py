"""Rows as the readers give them, and the limits that those of all files are held to."""

from collections.abc import Iterator
from typing import Any

from imports.reader.bad import BadFile
from imports.reader.limits import LONGEST_CELL, LONGEST_ROW, MOST_COLUMNS, MOST_EMPTY_ROWS, MOST_ROWS, MOST_TEXT

# The number of a row, counted from 1, its texts, and what is wrong with those in some of its places, counted from 0; or
# that a text which looks like an error is marked as a text.
Row = tuple[int, list[str], dict[int, str]]
LIKE_ERRORS = ("#", "Err:")
Found = tuple[dict[str, Any], Iterator[Row]]


def held(rows: Iterator[Row]) -> Iterator[Row]:
    """Give the rows that hold something, as long as they hold to the limits; BadFile says which they do not."""
    count = total = last = 0
    for number, cells, faults in rows:
        if not any(cell.strip() for cell in cells):
            if number - last > MOST_EMPTY_ROWS:
                raise BadFile(f"There are more than {MOST_EMPTY_ROWS:,} empty rows below row {last}. Delete them.")
            continue
        last = number
        count += 1
        if count > MOST_ROWS + 1:
            raise BadFile(f"The file has more than {MOST_ROWS:,} rows. Split it and import the parts.")
        length = sum(map(len, cells))
        total += length
        if length > LONGEST_ROW or total > MOST_TEXT or max(map(len, cells)) > LONGEST_CELL:
            raise _too_long(number, cells, length)
        yield number, _narrow(number, cells) if len(cells) > MOST_COLUMNS else cells, faults


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
