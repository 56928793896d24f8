"""Which reader a file gets."""

import io

from imports.reader.rows import Found, held
from imports.reader.text import text_rows
from imports.reader.what import is_workbook


def read(content: bytes, sheet: str) -> Found:
    """Return what there is to tell of the file, and its rows that hold something.

    Raises BadFile, also between the rows.
    """
    file = io.BytesIO(content)
    if is_workbook(content):
        from imports.reader.workbook import workbook_rows  # noqa: PLC0415  openpyxl takes longer than many a file

        head, rows = workbook_rows(file, sheet)
    else:
        head, rows = text_rows(file)
    return head, held(rows)
