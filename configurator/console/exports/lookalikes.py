"""Texts that a spreadsheet, or whoever reads one, takes for something else: formulas, errors, and values cut off."""

import re
from typing import Final

# What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection), wide signs included.
SIGNS: Final = tuple("=+-@\t\r\n＝＋－＠")
# What spreadsheets write into a file of text: in every language in capitals, most with a mark at the end; and the rest.
ERRORS: Final = re.compile(r"#[¡¿]?[^\W\d_][\w/]{0,24}[!?]")
WITHOUT_MARK: Final = frozenset({
    "#N/A", "#NV", "#N/D", "#N/B", "#N/DISP", "#I/T", "#Н/Д", "#YOK", "#HIÁNYZIK", "#NENÍ_K_DISPOZICI", "#NEDOSTUPNÝ",
    "#GETTING_DATA",
})  # fmt: skip
OF_LIBREOFFICE: Final = re.compile(r"Err:\d{3}")
HASHES: Final = re.compile(r"#{3,}")
BEGINNINGS: Final = ("#", "Err:")


def is_hashes(text: str) -> bool:
    """Tell whether the text is what a spreadsheet shows of a value for which its column is too narrow."""
    return bool(HASHES.fullmatch(text))


def is_error(text: str) -> bool:
    """Tell whether the text is what a spreadsheet shows of an error, in the languages that it has."""
    if text in WITHOUT_MARK or OF_LIBREOFFICE.fullmatch(text):
        return True
    return bool(ERRORS.fullmatch(text)) and text == text.upper()


def is_lost(text: str) -> bool:
    """Tell whether the text, blanks around it aside, passes for an error or a value cut off, so that imports ask."""
    if not text.lstrip().startswith(BEGINNINGS):
        return False
    bare = text.strip()
    return is_hashes(bare) or is_error(bare)


def misleads(text: str) -> bool:
    """Tell whether the text, apostrophes before it aside, passes for a formula or for what is lost."""
    bare = text.lstrip("'")
    return bare.startswith(SIGNS) or is_lost(bare)
