"""A file as the child process reports it: where its rows are from, and the rows as an export would have them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from configurator.console.exports.text import as_it_was
from imports.reading.process import lines_of

Area = tuple[int, int, int, int]  # first row, first column, last row, last column


@dataclass(frozen=True)
class FileRow:
    """A row that holds something: its number, counted from 1, its texts, and what is wrong with some, by place.

    A fault is "formula" for a formula without a result, and "error" for a result that is an error; "text" says that
    it is none: what looks like an error is marked as a text in the file.
    """

    number: int
    cells: list[str]
    faults: dict[int, str]

    def cell(self, place: int) -> str:
        """Return the text in the column of that place, counted from 0."""
        return self.cells[place] if place < len(self.cells) else ""


@dataclass(frozen=True)
class File:
    """A file: its format, its rows, and for a workbook the sheet that they are from and the others that are not hidden.

    The format is "tab" for SC's own, "csv" or "xlsx". ``active`` is the sheet that was open when the workbook was
    saved, ``begun`` the first rows of those of the others that hold something. ``hidden_rows`` are the numbers of those
    rows that hold something, ``hidden_columns`` the first and the last of each group. The rows raise BadFile where they
    cannot be read to the end.
    """

    format: str
    rows: Iterator[FileRow]
    sheet: str = ""
    others: tuple[str, ...] = ()
    active: str = ""
    begun: Mapping[str, Sequence[FileRow]] = field(default_factory=dict)
    merged: tuple[Area, ...] = ()
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[tuple[int, int], ...] = ()

    @property
    def is_workbook(self) -> bool:
        return bool(self.sheet)


def read(pieces: Iterable[bytes], *, sheet: str = "") -> File:
    """Return the file that the pieces make up; of a workbook the sheet of that name, or the first one.

    Raises BadFile where it cannot be read, and OSError where no process can be started that reads it.
    """
    lines = lines_of(pieces, sheet=sheet)
    head = next(lines)
    rows = _rows(lines, plain=as_it_was if head["format"] == "csv" else str)
    begun = head.pop("begun", {})
    described: dict[str, Any] = {name: tuple(item) if isinstance(item, list) else item for name, item in head.items()}
    sheets = {name: [FileRow(number, cells, {}) for number, cells in first] for name, first in begun.items()}
    return File(rows=rows, begun=sheets, **described)


def _rows(lines: Iterator[Any], *, plain: Any) -> Iterator[FileRow]:
    for number, cells, faults in lines:
        texts = [plain(cell) for cell in cells]
        marked = {place: "text" for place, text in enumerate(texts) if text != cells[place]}
        yield FileRow(number, texts, marked | {int(place): fault for place, fault in faults.items()})


def tidy_name(name: str) -> str:
    """Return the file's name without its path and without signs that only steer."""
    plain = re.sub(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", PurePath(name.replace("\\", "/")).name)
    return plain[:200] or "file"
