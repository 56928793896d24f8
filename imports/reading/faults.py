"""Cells that hold no value although something is seen in them: such a row is refused by the cell's name."""

from collections.abc import Sequence
from typing import Final

from configurator.console.exports.lookalikes import BEGINNINGS, is_error, is_hashes
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
    text, fault = row.cell(place).strip(), row.faults.get(place)
    if fault == "text" or not (fault or text.startswith(BEGINNINGS)):
        return ""
    name = f"{letters(place + 1)}{row.number}"
    if fault == "formula":
        return NO_RESULT.format(name)
    if is_hashes(text):
        return TOO_NARROW.format(name, text[:20])
    return ERROR.format(name, text[:20]) if fault or is_error(text) else ""
