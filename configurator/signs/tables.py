"""Which characters are invisible, and which look like another: tables of Unicode that the standard library lacks."""

import json
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final


def _all(*ranges: tuple[int, int]) -> frozenset[str]:
    """Return the characters of the ranges, both ends included."""
    return frozenset(chr(code) for first, last in ranges for code in range(first, last + 1))


# Default_Ignorable_Code_Point of DerivedCoreProperties.txt, Unicode 16: invisible where not supported.
IGNORABLE: Final = _all(
    (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
)  # fmt: skip
# Marks of annotations and of pasted objects, which are invisible too.
ANNOTATIONS: Final = _all((0xFFF9, 0xFFFC))
INVISIBLE: Final = IGNORABLE | ANNOTATIONS
# They reverse what is seen, so that taking them out would keep another text than the one that was read.
REVERSING: Final = "\u202e"

NONCHARACTERS: Final = _all((0xFDD0, 0xFDEF), *((plane << 16 | 0xFFFE, plane << 16 | 0xFFFF) for plane in range(17)))
# Characters that look blank although Unicode has them as none: of Braille and of musical notes.
EMPTY_SHAPES: Final = "\u2800\U0001d159"
LINE_ENDS: Final = "\r\n\x0b\x0c\x85\u2028\u2029"

DASHES: Final = dict.fromkeys("\u02d7\u2043\u2212\u2796\u30fc\u4e00", "-")
SINGLE: Final = dict.fromkeys("\u2018\u2019\u201a\u201b\u2039\u203a\u00b4\u02b9\u02bb\u02bc\u02c8\u2032", "'")
DOUBLE: Final = dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\u301d\u301e\u301f", '"')
STOPS: Final = dict.fromkeys("\u3002\uff61\u2024\u00b7\u0701\u0702", ".")
OWN: Final = DASHES | SINGLE | DOUBLE | STOPS


def is_blank(char: str) -> bool:
    """Return whether the character looks blank, of any width."""
    return char in EMPTY_SHAPES or unicodedata.category(char) == "Zs"


def is_nobody(char: str) -> bool:
    """Return whether nobody else can read the character: private use, half a pair, a noncharacter."""
    return unicodedata.category(char) in ("Co", "Cs") or char in NONCHARACTERS


def looks_like(char: str) -> str:
    """Return the ASCII text that the character looks like, "" where it looks like none."""
    if char.isascii():
        return ""
    plain = OWN.get(char) or unicodedata.normalize("NFKC", char)
    if plain.isascii():
        return plain.strip()
    return "-" if unicodedata.category(char) == "Pd" else _confusables().get(char, "")


@cache
def _confusables() -> Mapping[str, str]:
    """Return the ASCII text for each other character of Unicode's confusables.txt (UTS #39) that looks like one.

    The library's own functions keep its whole table, 17 MB, in every process.
    """
    text = files("confusable_homoglyphs").joinpath("confusables.json").read_text(encoding="utf-8")
    similar = {
        char: next((other["c"] for other in others if other["c"].isascii()), "")
        for char, others in json.loads(text).items()
        if len(char) == 1 and not char.isascii()
    }
    return {char: plain for char, plain in similar.items() if plain.strip()}
