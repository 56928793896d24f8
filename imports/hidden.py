"""Rows and columns that are not seen in a workbook: they are read, since a filter is often set only to look."""

from collections.abc import Iterable
from typing import Final

from configurator.signs import tidy
from imports.reader.walk import letters
from imports.reading import File
from imports.reading.columns import Header

NAMED: Final = 10  # rows


def hidden_in(file: File, header: Header) -> list[str]:
    """Return a sentence on the rows that are read although the sheet hides them, and one on such columns."""
    rows = [number for number in file.hidden_rows if number > header.number]
    columns = [
        f"{letters(place + 1)} ({tidy(label)})"
        for place, label in zip(header.places, header.labels, strict=True)
        if any(first <= place + 1 <= last for first, last in file.hidden_columns)
    ]
    return [*_said("Row", map(str, rows), len(rows)), *_said("Column", columns, len(columns))]


def _said(what: str, names: Iterable[str], count: int) -> list[str]:
    """Return the sentence about these; none where there are none."""
    named = [name for name, _ in zip(names, range(NAMED), strict=False)]
    if count > NAMED:
        return [f"{count:,} {what.lower()}s are hidden in the sheet ({', '.join(named)} …); they are read too."]
    if count > 1:
        return [f"{what}s {', '.join(named[:-1])} and {named[-1]} are hidden in the sheet; they are read too."]
    return [f"{what} {named[0]} is hidden in the sheet; it is read too."] if named else []
