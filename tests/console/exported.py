"""Exports as whoever takes them away reads them, each format with a reader that is not ours."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import openpyxl
from django.test import Client

Row = dict[str, Any]


def taken(client: Client, path: str, format_: str, **filters: str) -> bytes:
    """Return the file."""
    answer: Any = client.get(path, {**filters, "format": format_})
    assert answer.status_code == 200, answer.status_code
    assert "attachment" in answer["Content-Disposition"]
    body: bytes = answer.getvalue()
    return body


def from_csv(body: bytes, dialect: str = "excel") -> list[Row]:
    """Read a CSV file."""
    assert body.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline=""), dialect=dialect, strict=True))


def from_tab(body: bytes) -> list[Row]:
    """Read SC's own format."""
    return from_csv(body, "excel-tab")


def from_xlsx(body: bytes) -> list[Row]:
    """Read a workbook, all its sheets."""
    rows: list[Row] = []
    for sheet in openpyxl.load_workbook(io.BytesIO(body)).worksheets:
        labels, *cells = sheet.values
        rows += [dict(zip(labels, row, strict=True)) for row in cells]
    return rows


def from_json(body: bytes) -> list[Row]:
    """Read a JSON list."""
    rows: list[Row] = json.loads(body)
    return rows


READERS: dict[str, Callable[[bytes], list[Row]]] = {
    "csv": from_csv,
    "xlsx": from_xlsx,
    "json": from_json,
    "tab": from_tab,
}


def rows_in(client: Client, path: str, format_: str, **filters: str) -> list[Row]:
    """Return the rows of the file."""
    return READERS[format_](taken(client, path, format_, **filters))
