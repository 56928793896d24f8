"""Cells that hold no value although something is seen in them: such a row is refused by the cell's name."""

import re
from collections.abc import Sequence
from typing import Final

from imports.reader.walk import letters
from imports.reading import FileRow
from imports.reading.files import Area

NO_RESULT: Final = (
    "Cell {} holds a formula without a result. Open the file in Excel and save it, or enter the value itself."
)
ERROR: Final = "Cell {} holds the error {} of a spreadsheet. Correct its formula, or enter the value itself."
TOO_NARROW: Final = (
    "Cell {} holds {}, as a spreadsheet writes what its column is too narrow for. Widen it, or enter the value."
)
MERGED: Final = (
    "Cell {} belongs to the merged cells {}, of which only the first has a value. Unmerge them, and fill in each one."
)
# What spreadsheets write into a file of text: in every language in capitals, most with a mark at the end; and the rest.
ERRORS: Final = re.compile(r"#[¡¿]?[^\W\d_][\w/]{0,24}[!?]")
WITHOUT_MARK: Final = frozenset({
    "#N/A", "#NV", "#N/D", "#N/B", "#N/DISP", "#I/T", "#Н/Д", "#YOK", "#HIÁNYZIK", "#NENÍ_K_DISPOZICI", "#NEDOSTUPNÝ",
    "#GETTING_DATA",
})  # fmt: skip
OF_LIBREOFFICE: Final = re.compile(r"Err:\d{3}")
HASHES: Final = re.compile(r"#{3,}")


def faults_of(row: FileRow, places: Sequence[int], merged: Sequence[Area]) -> dict[int, str]:
    """Return why cells of these places, counted from 0, cannot be taken."""
    faults = {place: why for place in places if (why := _fault(row, place))}
    for first, left, last, right in merged:
        if first <= row.number <= last:
            area = f"{letters(left)}{first}:{letters(right)}{last}"
            faults |= {
                place: MERGED.format(f"{letters(place + 1)}{row.number}", area)
                for place in places
                if left <= place + 1 <= right
            }
    return faults


def _fault(row: FileRow, place: int) -> str:
    """Return why the cell of that place cannot be taken, "" where it can."""
    text = row.cell(place).strip()
    if not text.startswith(("#", "Err:")) and place not in row.faults:
        return ""
    name = f"{letters(place + 1)}{row.number}"
    if row.faults.get(place) == "formula":
        return NO_RESULT.format(name)
    if HASHES.fullmatch(text):
        return TOO_NARROW.format(name, text[:20])
    if place in row.faults or text in WITHOUT_MARK or _is_error(text) or OF_LIBREOFFICE.fullmatch(text):
        return ERROR.format(name, text[:20])
    return ""


def _is_error(text: str) -> bool:
    """Tell whether the text has the form of an error."""
    return bool(ERRORS.fullmatch(text)) and text == text.upper()
