"""A walk through a part of a workbook before anybody reads it: nothing is kept of it but counts.

Each element, cell and letter is counted as it comes, so that nothing has to be held that is too large.
"""

import re
from contextlib import suppress
from functools import lru_cache
from typing import IO, Final
from xml.parsers import expat

from imports.reader.bad import DAMAGED, BadFile
from imports.reader.limits import (
    DEEPEST,
    LAST_COLUMN,
    LAST_ROW,
    LONGEST_CELL,
    MOST_BEGUN,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ELEMENTS,
    MOST_EMPTY_ROWS,
    MOST_MERGED,
)  # fmt: skip

AT_ONCE: Final = 64 * 1024
MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main "
ROW, CELL, MERGED = MAIN + "row", MAIN + "c", MAIN + "mergeCell"
COLUMNS, DEFAULTS = MAIN + "col", MAIN + "sheetFormatPr"
TRUE: Final = frozenset({"1", "true", "on"})
CONTENT: Final = frozenset({MAIN + "v", MAIN + "f", MAIN + "t"})
DIGITS: Final = "0123456789"
COLUMN: Final = re.compile(r"[A-Z]{1,3}")
REFERENCE: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
Area = tuple[int, int, int, int]  # first row, first column, last row, last column


class Walk:
    """Walks through any part, and finds that it is XML without a document type, neither too deep nor too long."""

    most = MOST_ELEMENTS

    def __init__(self) -> None:
        self.depth = self.elements = self.length = 0
        self.root = ""
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = _refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def through(self, part: IO[bytes]) -> str:
        """Walk to the end, and return the name of the outermost element; BadFile where a limit is broken."""
        try:
            while some := part.read(AT_ONCE):
                self.parser.Parse(some)
            self.parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise BadFile(DAMAGED) from error
        return self.root

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.root = self.root or name
        self.depth += 1
        self.elements += 1
        self.length = 0
        if self.depth > DEEPEST:
            raise BadFile(f"The workbook is nested more than {DEEPEST} deep, as no spreadsheet writes it.")
        if self.elements > self.most:
            raise BadFile(f"The workbook has more than {self.most:,} cells or texts. Save the sheet alone.")

    def _end(self, name: str) -> None:
        self.depth -= 1

    def _text(self, text: str) -> None:
        self.length += len(text)
        if self.length > LONGEST_CELL:
            raise BadFile(
                f"{self._where()} holds more than {LONGEST_CELL:,} characters, more than any spreadsheet takes. Is "
                "this the right file?"
            )

    def _where(self) -> str:
        return "A text of the workbook"


class SheetWalk(Walk):
    """Walks through a sheet, and finds its last row that holds something, its merged areas, and what of it is hidden.

    Of columns the first and the last of each hidden group is noted, of rows those that hold something. What is made as
    high or as wide as nothing is hidden too.
    """

    most = 4 * MOST_CELLS

    def __init__(self) -> None:
        super().__init__()
        self.row = self.column = self.cells = self.last_row = 0
        self.merged: list[Area] = []
        self.hidden_rows: list[int] = []
        self.hidden_columns: list[tuple[int, int]] = []
        self.rows_are_hidden = self.row_is_hidden = False

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        super()._start(name, attributes)
        if name in CONTENT:
            self._content()
        elif name == CELL:
            self._cell(attributes.get("r"))
        elif name == ROW:
            self._row(attributes.get("r"))
            by_default = self.rows_are_hidden and not attributes.keys() & {"hidden", "ht"}
            self.row_is_hidden = by_default or _is_hidden(attributes, "ht")
        elif name == MERGED:
            self._merge(attributes.get("ref", ""))
        elif name == COLUMNS and _is_hidden(attributes, "width"):
            self._hide_columns(_number(attributes.get("min", "")), _number(attributes.get("max", "")))
        elif name == DEFAULTS:
            self.rows_are_hidden = attributes.get("zeroHeight") in TRUE

    def _row(self, number: str | None) -> None:
        before = self.row
        self.row, self.column = (before + 1 if number is None else _number(number)), 0
        if self.row > LAST_ROW:
            raise BadFile(
                f"The sheet names a row {self.row:,}; a spreadsheet has {LAST_ROW:,}. Is this the right file?"
            )
        if self.row <= before:
            raise BadFile(DAMAGED)

    def _cell(self, reference: str | None) -> None:
        self.cells += 1
        self.column = self.column + 1 if reference is None else _column(reference.rstrip(DIGITS))
        if self.column > LAST_COLUMN:
            raise BadFile(f"Row {self.row} has more than {LAST_COLUMN:,} cells, more than any spreadsheet takes.")
        if self.cells > MOST_CELLS:
            raise BadFile(f"The sheet has more than {MOST_CELLS:,} cells. Save the rows alone, as CSV UTF-8.")

    def _content(self) -> None:
        if self.column > MOST_COLUMNS:
            raise BadFile(
                f"Cell {letters(self.column)}{self.row} holds something; {MOST_COLUMNS} columns are the most that is "
                "read, and no export has so many. Is this the right file?"
            )
        if self.row - self.last_row - 1 > MOST_EMPTY_ROWS:
            raise BadFile(
                f"Row {self.row:,} holds something, below more than {MOST_EMPTY_ROWS:,} empty rows. Delete it, or move "
                "it up."
            )
        if self.row_is_hidden and self.hidden_rows[-1:] != [self.row]:
            self.hidden_rows.append(self.row)
        self.last_row = self.row

    def _hide_columns(self, first: int, last: int) -> None:
        if first <= MOST_COLUMNS and len(self.hidden_columns) < MOST_COLUMNS:
            self.hidden_columns.append((first, last))

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        if not last or first == last:
            return
        if len(self.merged) == MOST_MERGED:
            raise BadFile(f"The sheet has more than {MOST_MERGED:,} merged areas. Unmerge its cells.")
        self.merged.append((*_place(first), *_place(last)))

    def _where(self) -> str:
        return f"Cell {letters(self.column)}{self.row}"


class _Enough(Exception):
    """As many rows hold something as shall be read."""


class _Begin(SheetWalk):
    """Walks through as many rows that hold something as other sheets are looked at by."""

    def __init__(self) -> None:
        super().__init__()
        self.held = 0

    def _content(self) -> None:
        if self.last_row != self.row:
            if self.held == MOST_BEGUN:
                raise _Enough
            self.held += 1
        super()._content()


def last_row_of_beginning(part: IO[bytes]) -> int:
    """Return the number of the last row that the sheet is looked at by, 0 where none holds anything."""
    walk = _Begin()
    with suppress(_Enough):
        walk.through(part)
    return walk.last_row


def letters(column: int) -> str:
    """Return what spreadsheets call the column of that number, counted from 1."""
    name = ""
    while column:
        column, left = divmod(column - 1, 26)
        name = chr(ord("A") + left) + name
    return name


def _is_hidden(attributes: dict[str, str], size: str) -> bool:
    """Tell whether a row or columns with these attributes are not seen."""
    return attributes.get("hidden") in TRUE or re.fullmatch(r"0+(\.0*)?", attributes.get(size, "")) is not None


def _refuse(*_: object) -> None:
    raise BadFile("The workbook holds a document type, as no spreadsheet writes it. It is not read.")


def _number(text: str) -> int:
    """Return the number of a row; BadFile where it is none."""
    if not text.isascii() or not text.isdecimal() or len(text) > len(str(LAST_ROW)) * 2:
        raise BadFile(DAMAGED)
    return int(text)


def _place(reference: str) -> tuple[int, int]:
    """Return row and column of a cell; BadFile where it names none."""
    found = REFERENCE.fullmatch(reference.replace("$", ""))
    if not found:
        raise BadFile(DAMAGED)
    return int(found[2]), _column(found[1])


@lru_cache(maxsize=LAST_COLUMN)
def _column(name: str) -> int:
    """Return the number of the column of that name; BadFile where it is none."""
    if not COLUMN.fullmatch(name):
        raise BadFile(DAMAGED)
    column = 0
    for letter in name:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column
