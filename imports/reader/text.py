"""Files of text: SC's own tab-delimited format, and CSV."""

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from imports.reader.bad import BadFile
from imports.reader.limits import LONGEST_CELL, LONGEST_ROW

OTHER_ENCODINGS = (b"\xff\xfe", b"\xfe\xff")
NOT_UTF_8 = "The file is not in UTF-8. Save it as UTF-8 (in Excel: CSV UTF-8), or take SC's own format from an export."
OTHERS = {";": "semicolons", "|": "vertical bars"}


def text_rows(file: BinaryIO) -> tuple[str, Iterator[list[str]]]:
    """Return what separates the columns, with tabs it is SC's own format, and the rows of a text file."""
    if file.read(2) in OTHER_ENCODINGS:
        raise BadFile(NOT_UTF_8)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    try:
        delimiter = _delimiter(text.readline(LONGEST_ROW))
    except UnicodeDecodeError:
        raise BadFile(NOT_UTF_8) from None
    text.seek(0)
    return delimiter, _rows(text, delimiter)


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
    reader = csv.reader(_lines(text), delimiter=delimiter, strict=True)
    try:
        yield from reader
    except UnicodeDecodeError:
        raise BadFile(NOT_UTF_8) from None
    except csv.Error as error:
        raise BadFile(
            f"Line {reader.line_num} cannot be read as a row ({error}). A text with a quotation mark in it stands in "
            "quotation marks, with those inside doubled."
        ) from None


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    """Give the lines; one that is too long is not read to its end."""
    number = 0
    while line := text.readline(LONGEST_ROW + 1):
        number += 1
        if len(line) > LONGEST_ROW:
            raise BadFile(f"Line {number} holds more than {LONGEST_ROW:,} characters. Is this the right file?")
        yield line
