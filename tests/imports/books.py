"""Workbooks as spreadsheet programs write them, and as nobody but an attacker does."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import openpyxl

SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def workbook(*rows: Sequence[object], **more: Sequence[Sequence[object]]) -> bytes:
    """Return a workbook whose first sheet has these rows, with more sheets by name."""
    return saved(book(*rows, **more))


def book(*rows: Sequence[object], **more: Sequence[Sequence[object]]) -> Any:
    """Return the same before it is saved."""
    made = openpyxl.Workbook()
    for row in rows:
        made.worksheets[0].append(row)
    for name, others in more.items():
        sheet = made.create_sheet(name)
        for row in others:
            sheet.append(row)
    return made


def saved(made: Any) -> bytes:
    """Return the bytes of an openpyxl workbook."""
    body = io.BytesIO()
    made.save(body)
    return body.getvalue()


def with_parts(body: bytes, parts: Mapping[str, bytes]) -> bytes:
    """Return the workbook with these parts in place of its own."""
    old, new = zipfile.ZipFile(io.BytesIO(body)), io.BytesIO()
    with zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in dict.fromkeys([*old.namelist(), *parts]):
            archive.writestr(name, parts[name] if name in parts else old.read(name))
    return new.getvalue()


def with_sheet(rows: bytes, *, before: bytes = b"", after: bytes = b"") -> bytes:
    """Return a workbook whose sheet holds this XML in place of rows."""
    xml = b'<?xml version="1.0"?>%s<worksheet xmlns="%s"><sheetData>%s</sheetData>%s</worksheet>'
    return with_parts(workbook(["Name"], ["x"]), {SHEET: xml % (before, MAIN.encode(), rows, after)})


def cell(name: str, text: str = "x", *, kind: str = "inlineStr") -> bytes:
    """Return the XML of a cell."""
    if kind == "inlineStr":
        return f'<c r="{name}" t="inlineStr"><is><t>{text}</t></is></c>'.encode()
    return f'<c r="{name}" t="{kind}"><v>{text}</v></c>'.encode()


def rows_of_xml(*rows: bytes) -> bytes:
    """Return rows of XML, numbered, below one that names the column Name."""
    numbered = (b'<row r="%d">%s</row>' % (number, row) for number, row in enumerate(rows, 2))
    return b'<row r="1">' + cell("A1", "Name") + b"</row>" + b"".join(numbered)
