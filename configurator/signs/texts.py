"""Free text, such as names and descriptions: ordinary writing in every script stays, what is invisible is dropped."""

import re
import unicodedata
from itertools import zip_longest
from typing import Final

from configurator.signs.naming import LOST, Sign, StrangeSign
from configurator.signs.tables import INVISIBLE, LINE_ENDS, is_blank, is_nobody, looks_like

LINE_BREAK: Final = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
JOINERS: Final = "\u200c\u200d"
DIRECTIONS: Final = "\u200e\u200f\u061c"
SELECTORS: Final = re.compile(r"[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
MONGOLIAN: Final = "\u180b\u180c\u180d\u180e\u180f"
# A flag of a region: a black flag, the region's code in tags, and the tag that ends it.
FLAG: Final = re.compile("\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{2,6}\U000e007f")
# Scripts in which a joiner, or its absence, is a matter of spelling (UAX #31, layout and format control characters).
JOINED: Final = (
    "ARABIC", "SYRIAC", "MONGOLIAN", "NKO", "MANDAIC", "PHAGS-PA", "DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI",
    "ORIYA", "TAMIL", "TELUGU", "KANNADA", "MALAYALAM", "SINHALA", "MYANMAR", "KHMER", "TIBETAN", "BALINESE",
    "JAVANESE", "TIRHUTA", "GRANTHA", "ADLAM", "HANIFI", "CHAKMA",
)  # fmt: skip
# More marks on one letter than any language writes (UTS #39, optional detection).
MOST_MARKS: Final = 4
PICTURES: Final = ("So", "Sk", "Sm", "Po", "Cn")


def line(text: str) -> str:
    """Return a text on one line, such as a name, as it is stored.

    Raises StrangeSign for a line break or another character that has no place in it and cannot be dropped.
    """
    return _readable(text, "").strip()


def lines(text: str) -> str:
    """Return a text of several lines with plain line feeds, as it is stored; StrangeSign as for ``line``."""
    return _readable(LINE_BREAK.sub("\n", text), "\n\t")


def tidy(text: str) -> str:
    """Return a text that is searched for or compared, as ``line`` stores it; nothing is refused."""
    return _composed(_seen(text)).strip()


def key(text: str) -> str:
    """Return a key that texts share which differ only by invisible characters, lookalikes, or case."""
    if text.isascii():
        return " ".join(text.casefold().split())
    flags = _flags(text)
    seen = "".join(char for place, char in enumerate(text) if char not in INVISIBLE or place in flags)
    folded = unicodedata.normalize("NFKC", seen).casefold()
    return " ".join("".join(map(_lookalike, folded)).split())


def difference(text: str, other: str) -> str:
    """Return in a sentence where a text first differs from another one that has the same key."""
    for place, (char, counterpart) in enumerate(zip_longest(text, other, fillvalue=""), 1):
        if char == counterpart:
            continue
        if char and not (char.isascii() and char.isprintable()):
            return f"{Sign(char, place).ordinal.capitalize()} here is {Sign(char, place).what}."
        if counterpart and not counterpart.isascii():
            return f"{Sign(counterpart, place).ordinal.capitalize()} there is {Sign(counterpart, place).what}."
        break
    return "Capitals or blanks alone tell them apart."


def _lookalike(char: str) -> str:
    """Return what the small letter, or else its capital, looks like in ASCII; itself where that is nothing."""
    if _parts(char):
        return " "
    return char if char.isascii() else (looks_like(char) or looks_like(char.upper()) or char).casefold()


def _parts(char: str) -> bool:
    """Return whether the character separates words as a blank does."""
    return is_blank(char) or char in LINE_ENDS or char == "\t"


def _readable(text: str, steering: str) -> str:
    """Return the text without invisible characters, with plain blanks; the control characters in ``steering`` stay."""
    if text.isascii() and text.isprintable():
        return text
    kept = _composed(_seen(text))
    marks = 0
    for place, char in enumerate(kept, 1):
        category = unicodedata.category(char)
        marks = marks + 1 if category == "Mn" else 0
        control = category in ("Cc", "Zl", "Zp") and char not in steering
        if control or is_nobody(char) or char == LOST or marks > MOST_MARKS:
            raise StrangeSign(Sign(char, place))
    return kept


def _seen(text: str) -> str:
    """Return the text without invisible characters, except where they are a matter of spelling."""
    if text.isascii():
        return text
    flags = _flags(text)
    rtl = any(char.isalpha() and unicodedata.bidirectional(char) in ("R", "AL") for char in text)
    kept: list[str] = []
    for place, char in enumerate(text):
        if char in INVISIBLE and place not in flags:
            before, after = kept[-1:], text[place + 1 : place + 2]
            if (char in DIRECTIONS and rtl) or _spells(char, "".join(before), after):
                kept.append(char)
        else:
            kept.append(" " if is_blank(char) and not _in_braille(kept) else char)
    return "".join(kept)


def _flags(text: str) -> set[int]:
    """Return the positions of the characters that make up flags of regions."""
    return {place for found in FLAG.finditer(text) for place in range(*found.span())}


def _in_braille(kept: list[str]) -> bool:
    """Return whether the text is in Braille, whose own blank belongs there."""
    return bool(kept) and "\u2800" <= kept[-1] <= "\u28ff"


def _spells(char: str, before: str, after: str) -> bool:
    """Return whether the invisible character belongs between its neighbours."""
    if not before:
        return False
    if char in JOINERS:
        return _joins(before, after, picture=char == "\u200d")
    if SELECTORS.fullmatch(char):
        return before in "0123456789#*" or unicodedata.category(before) in PICTURES or _has_variants(before)
    return char in MONGOLIAN and _script(before) == "MONGOLIAN"


def _joins(before: str, after: str, *, picture: bool) -> bool:
    """Return whether a joiner belongs there: within or at the end of a word of such scripts, or within an emoji."""
    if _script(before) in JOINED:
        return True
    emoji = before == "\ufe0f" or unicodedata.category(before) in PICTURES
    return picture and emoji and bool(after) and unicodedata.category(after) in PICTURES


def _has_variants(before: str) -> bool:
    """Return whether the letter has variants, chosen by a character after it: ideographs and some Asian scripts."""
    return unicodedata.category(before) == "Lo" and _script(before) in ("CJK", "MYANMAR", "PHAGS-PA", "MANICHAEAN")


def _script(char: str) -> str:
    """Return the first word of the character's name, which is its script for letters."""
    return unicodedata.name(char, "unknown").split()[0]


def _composed(text: str) -> str:
    """Return the text with its letters and their marks composed (NFC); ideographs stay as they are."""
    if text.isascii() or not any(map(unicodedata.combining, text)):
        return text
    return "".join(unicodedata.normalize("NFC", part) for part in re.split(_NOT_COMPOSED, text))


_NOT_COMPOSED: Final = re.compile("([\uf900-\ufaff\U0002f800-\U0002fa1f])")
