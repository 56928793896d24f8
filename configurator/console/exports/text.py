"""Text files: CSV, JSON, and SC's own tab-delimited format."""

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from itertools import islice

from configurator.console.exports.columns import Cell
from configurator.console.exports.lookalikes import is_lost, misleads

Rows = Iterable[list[Cell]]
# Spreadsheets recognise UTF-8 by it.
BOM = "\ufeff"
QUOTED = re.compile(r'="((?:[^"]|"")*)"')
# Rows that are sent together.
TOGETHER = 500


def written(value: Cell) -> str:
    """Return a cell as text; a moment is in UTC, as its column says."""
    if isinstance(value, str):  # first, since most are
        return value
    match value:
        case None:
            return ""
        case bool():
            return "Yes" if value else "No"
        case datetime():
            return value.isoformat(" ", "seconds")[:19]
        case date():
            return value.isoformat()
    return str(value)


def harmless(value: Cell) -> str:
    """Return a cell as text that is no formula and no error: such a text gets an apostrophe before it.

    So does a text that begins with apostrophes before one, so that ``as_it_was`` can tell the two apart.
    """
    if isinstance(value, str):
        return f"'{value}" if misleads(value) else value
    return written(value)


def as_it_was(cell: str) -> str:
    """Return the text for which ``harmless`` wrote the cell.

    Of ="00123", as other programs write a text that looks like a number, it is what is in quotation marks.
    """
    if cell.startswith("'") and misleads(cell):
        return cell[1:]
    quoted = QUOTED.fullmatch(cell)
    return quoted[1].replace('""', '"') if quoted else cell


def csv_file(labels: list[str], rows: Rows) -> Iterator[bytes]:
    """Yield a CSV file as spreadsheets open it: UTF-8 with BOM, commas, no text that is a formula."""
    return _delimited(labels, rows, csv.excel, harmless)


def tab_file(labels: list[str], rows: Rows) -> Iterator[bytes]:
    """Yield SC's tab-delimited file: UTF-8 with BOM, the first row has the column names, and a column Delete is empty.

    It is imported again, so every text stays as it is: one with a tab, a line break or a quotation mark is quoted, with
    quotation marks doubled. So are all cells of a row in which a text looks like an error, by which imports tell it
    from one.
    """
    return _delimited([*labels, "Delete"], ([*row, None] for row in rows), csv.excel_tab, written)


def all_quoted(cells: list[str]) -> str:
    """Return a row of SC's file with each cell quoted, without the line end."""
    return "\t".join(f'"{cell.replace(chr(34), 2 * chr(34))}"' for cell in cells)


def json_file(labels: list[str], rows: Rows) -> Iterator[bytes]:
    """Yield a JSON list with an object per row; a moment is an ISO 8601 string."""
    yield b"["
    before = "\n"
    for some in _batches(rows):
        objects = [json.dumps(dict(zip(labels, row, strict=True)), ensure_ascii=False, default=_iso) for row in some]
        yield (before + ",\n".join(objects)).encode()
        before = ",\n"
    yield b"\n]\n"


def _delimited(
    labels: list[str], rows: Rows, dialect: type[csv.Dialect], say: Callable[[Cell], str]
) -> Iterator[bytes]:
    """Yield the head at once, then the rows."""
    lines: list[str] = []
    writer = csv.writer(_Lines(lines), dialect)
    writer.writerow(labels)
    yield (BOM + "".join(lines)).encode()
    for some in _batches(rows):
        lines.clear()
        for row in some:
            cells = [say(value) for value in row]
            if say is written and any(map(is_lost, cells)):
                lines.append(f"{all_quoted(cells)}\r\n")
            else:
                writer.writerow(cells)
        yield "".join(lines).encode()


class _Lines:
    def __init__(self, lines: list[str]) -> None:
        self.write = lines.append


def _batches(rows: Rows) -> Iterator[list[list[Cell]]]:
    left = iter(rows)
    while some := list(islice(left, TOGETHER)):
        yield some


def _iso(value: date) -> str:
    return f"{written(value).replace(' ', 'T')}Z" if isinstance(value, datetime) else value.isoformat()
