"""Files of text: SC's own tab-delimited format, and CSV with whatever separates its columns.

Only what is certain is read: UTF-8, and UTF-16 or UTF-32 that say so in their first bytes. What separates the columns
shows in the first line that holds any of the signs, since no name of a column does.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from imports.reader.bad import BadFile
from imports.reader.limits import LONGEST_CELL, LONGEST_ROW
from imports.reader.rows import LIKE_ERRORS, Found, Row

# UTF-32 first, since its mark begins with that of UTF-16.
MARKED: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"), (codecs.BOM_UTF8, "utf-8-sig"),
)  # fmt: skip
NOT_UTF_8 = "The file is not in UTF-8. Save it as UTF-8 (in Excel: CSV UTF-8), or take SC's own format from an export."
UNMARKED = (
    "The file is not in UTF-8; it seems to be in UTF-16 without the mark that says so. Save it as UTF-8 (in Excel: CSV "
    "UTF-8)."
)
LOST = "The text in this file is damaged: it is not in the encoding that its first bytes name. Save it as UTF-8."
# What Excel takes from a line of its own above all others, and which line that is.
SEPARATOR_LINE: Final = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
SIGNS: Final = ("\t", ",", ";", "|")
QUOTE: Final = '"'
QUOTED: Final = re.compile(r'"[^"]*"')
LOOKED_AT: Final = 10  # lines


def text_rows(file: io.BytesIO) -> Found:
    """Return the format and the rows: SC's own has tabs in UTF-8, all else is CSV to those who look at blank cells."""
    head = file.read(256)
    encoding = next((name for mark, name in MARKED if head.startswith(mark)), "utf-8")
    if encoding == "utf-8" and head.count(0) > len(head) // 4:
        raise BadFile(UNMARKED)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        first = text.readline(LONGEST_ROW)
        separator = SEPARATOR_LINE.fullmatch(first.rstrip("\r\n"))
        above = 1 if separator else 0
        more = islice(iter(lambda: text.readline(LONGEST_ROW), ""), LOOKED_AT)
        delimiter = separator[1] if separator else _delimiter([first, *more])
    except UnicodeError:
        raise BadFile(_not_in(encoding)) from None
    text.seek(0)
    own = delimiter == "\t" and encoding.startswith("utf-8") and not separator
    return {"format": "tab" if own else "csv"}, _rows(text, delimiter, above, own=own)


def _not_in(encoding: str) -> str:
    """Say that the text is not in that encoding, which is the usual one where nothing names another."""
    return NOT_UTF_8 if encoding.startswith("utf-8") else LOST


def _delimiter(lines: list[str]) -> str:
    for line in lines:
        bare = QUOTED.sub("", line)
        found = next((sign for sign in SIGNS if sign in bare), "")
        if found:
            return found
    return ","


def _rows(text: io.TextIOWrapper, delimiter: str, above: int, *, own: bool) -> Iterator[Row]:
    """Give the rows below the line that names the separator."""
    csv.field_size_limit(LONGEST_CELL)
    lines: list[str] = []
    reader = csv.reader(_noted(islice(_lines(text), above, None), lines), delimiter=delimiter, strict=True)
    begun = above + 1
    try:
        for number, cells in enumerate(reader, 1):
            # Where a program quotes everything, quotation marks say nothing.
            own = own and (number > 1 or not _is_quoted(cells, lines))
            yield number, cells, _marked(cells, lines) if own else {}
            lines.clear()
            begun = reader.line_num + above + 1
    except UnicodeError:
        raise BadFile(_not_in(text.encoding)) from None
    except csv.Error as error:
        raise BadFile(_why(begun, error)) from None


def _noted(lines: Iterator[str], into: list[str]) -> Iterator[str]:
    for line in lines:
        into.append(line)
        yield line


def _marked(cells: list[str], lines: list[str]) -> dict[int, str]:
    """Return the places of a row of SC's format that hold a text which only looks like an error.

    Exports of the console quote each cell of such a row, and of other rows only the cells that have to be.
    """
    like_errors = [place for place, cell in enumerate(cells) if cell.lstrip().startswith(LIKE_ERRORS)]
    return dict.fromkeys(like_errors, "text") if like_errors and _is_quoted(cells, lines) else {}


def _is_quoted(cells: list[str], lines: list[str]) -> bool:
    """Tell whether each cell of the row that these lines hold is in quotation marks."""
    quoted = (f'"{cell.replace(QUOTE, QUOTE * 2)}"' for cell in cells)
    return "".join(lines).rstrip("\r\n") == "\t".join(quoted)


def _why(line: int, error: csv.Error) -> str:
    """Say what is wrong with the row that begins in that line."""
    if "end of data" in str(error) or "field larger" in str(error):
        return (
            f"Line {line} cannot be read as a row: a quotation mark is opened there and never closed, or a cell holds "
            f"more than {LONGEST_CELL:,} characters. A quotation mark inside a text is doubled."
        )
    return (
        f"Line {line} cannot be read as a row ({error}). A text with a quotation mark in it stands in quotation marks, "
        "with those inside doubled."
    )


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    """Give the lines; one that is too long is not read to its end."""
    number = 0
    while line := text.readline(LONGEST_ROW + 1):
        number += 1
        if len(line) > LONGEST_ROW:
            raise BadFile(f"Line {number} holds more than {LONGEST_ROW:,} characters. Is this the right file?")
        yield line
