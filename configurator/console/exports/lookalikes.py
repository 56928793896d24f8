"""Texts that a spreadsheet, or its reader, takes for something else: formulas, errors, and values cut off."""

import re
from typing import Final

# What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection), full-width characters included.
SIGNS: Final = tuple("=+-@\t\r\n＝＋－＠")
# What spreadsheets write into a text file: in every language in capitals, most with a mark at the end; and the rest.
ERRORS: Final = re.compile(r"#[¡¿]?[^\W\d_][\w/]{0,24}[!?]")
WITHOUT_MARK: Final = frozenset({
    "#N/A", "#NV", "#N/D", "#N/B", "#N/DISP", "#I/T", "#Н/Д", "#YOK", "#HIÁNYZIK", "#NENÍ_K_DISPOZICI", "#NEDOSTUPNÝ",
    "#GETTING_DATA",
})  # fmt: skip
OF_LIBREOFFICE: Final = re.compile(r"Err:\d{3}")
HASHES: Final = re.compile(r"#{3,}")
BEGINNINGS: Final = ("#", "Err:")


def is_hashes(text: str) -> bool:
    """Return whether the text is what a spreadsheet shows of a value that is too wide for its column."""
    return bool(HASHES.fullmatch(text))


def is_error(text: str) -> bool:
    """Return whether the text is what a spreadsheet shows of an error, in its languages."""
    if text in WITHOUT_MARK or OF_LIBREOFFICE.fullmatch(text):
        return True
    return bool(ERRORS.fullmatch(text)) and text == text.upper()


def is_lost(text: str) -> bool:
    """Return whether the text, without blanks around it, looks like an error or is cut off, so that imports ask."""
    if not text.lstrip().startswith(BEGINNINGS):
        return False
    bare = text.strip()
    return is_hashes(bare) or is_error(bare)


def misleads(text: str) -> bool:
    """Return whether the text, without apostrophes before it, looks like a formula, an error or a cut-off value."""
    bare = text.lstrip("'")
    return bare.startswith(SIGNS) or is_lost(bare)
