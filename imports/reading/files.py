"""What is asked of all files: a first row that names the columns, and rows that fit below it."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import PurePath
from typing import Any, NamedTuple

from configurator.console.exports.text import SIGNS
from imports.reader.bad import BadFile
from imports.reading.process import lines_of

Rows = Iterator[tuple[int, list[str]]]


class Sheet(NamedTuple):
    """A file as it is read: its format, the labels in its first row, and its other rows with their numbers."""

    format: str
    labels: list[str]
    rows: Rows


def read(pieces: Iterable[bytes], *, sheet: str = "") -> Sheet:
    """Return the file's format ("tab", "csv" or "xlsx"), labels and rows.

    Raises BadFile, also while the rows are taken, where the file cannot be read to its end.
    """
    lines = lines_of(pieces, sheet=sheet)
    head = next(lines)
    rows = _plain(head, lines)
    first = next(rows, None)
    if first is None:
        raise BadFile("The file is empty. Its first row must name the columns, as an export in SC's own format does.")
    second = next(rows, None)
    if second is None:
        raise BadFile("The file names its columns but holds no row. Nothing would be imported.")
    return Sheet(head["format"], first[1], _fitting(len(first[1]), chain([second], rows)))


def _plain(head: dict[str, Any], rows: Iterator[Any]) -> Rows:
    """Give the rows as they were before an export put an apostrophe before what looks like a formula, as CSV has it."""
    for number, cells in rows:
        yield number, [_as_it_was(cell) for cell in cells] if head["format"] == "csv" else cells


def _as_it_was(cell: str) -> str:
    """Return a cell without the apostrophe that an export puts before what looks like a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(SIGNS) else cell


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
