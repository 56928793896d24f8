"""One character of a text: its name, its position and what it looks like."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from configurator.signs.tables import INVISIBLE, LINE_ENDS, is_blank, looks_like

# Words in Unicode's names of characters that are proper names.
PROPER: Final = re.compile(
    r"\b(latin|greek|cyrillic|roman|armenian|hebrew|arabic|cherokee|coptic|hangul|georgian|devanagari|mongolian|braille|"
    r"lisu|deseret|tifinagh|runic|ogham|warang|carian|lycian|bengali|thai|khmer|hiragana|katakana|ethiopic|gothic|"
    r"canadian|osage|elbasan|miao|ukrainian|byelorussian)\b"
)
CONTROLS: Final = {"\0": "null character", "\t": "tab", "\x1b": "escape character", "\x7f": "delete character"}
# What a program writes where it could not read a letter.
LOST: Final = "\ufffd"
ENDINGS: Final = {1: "st", 2: "nd", 3: "rd"}


@dataclass(frozen=True)
class Sign:
    """The character at ``place``, counted from 1, of a text."""

    char: str
    place: int

    @property
    def name(self) -> str:
        """The character's name, with an article and its number: a Cyrillic small letter a (U+0430)."""
        name = name_of(self.char)
        article = "an" if name[0].lower() in "aeio" else "a"
        return f"{article} {name} (U+{ord(self.char):04X})"

    @property
    def what(self) -> str:
        """The name, and how it is displayed where that misleads."""
        if self.char in INVISIBLE:
            return f"{self.name}, which is not seen"
        if is_blank(self.char):
            return f"{self.name}, which looks like a blank"
        if self.char == LOST:
            return f"{self.name}, which stands where a letter was lost"
        plain = looks_like(self.char)
        return f"{self.name}, which looks like “{plain}”" if plain else self.name

    @property
    def ordinal(self) -> str:
        """The position in words: the 4th sign."""
        last = 0 if self.place % 100 in (11, 12, 13) else self.place % 10
        return f"the {self.place}{ENDINGS.get(last, 'th')} sign"

    @property
    def remedy(self) -> str:
        if is_blank(self.char):
            return "Take it out, or type a blank."
        plain = looks_like(self.char)
        if plain:
            return f"Type “{plain}” in its place."
        if self.char == LOST:
            return "Type that letter."
        return "Take it out." if unicodedata.category(self.char)[0] in "CMZ" else "It cannot stand here: copy it again."

    def __str__(self) -> str:
        """All of it in one or two sentences."""
        return f"{self.ordinal.capitalize()} is {self.what}. {self.remedy}"


class StrangeSign(ValueError):
    """A character that the text may not contain; the message has its name and position, and says what to do."""

    def __init__(self, sign: Sign, more: str = "") -> None:
        super().__init__(f"{sign} {more}".rstrip())
        self.sign = sign


def name_of(char: str) -> str:
    """Return Unicode's name of the character as one writes it in a sentence."""
    if char in CONTROLS:
        return CONTROLS[char]
    name = unicodedata.name(char, "").lower()
    if name:
        return PROPER.sub(lambda found: found[0].capitalize(), name)
    if char in LINE_ENDS:
        return "line break"
    kinds = {"Cc": "control character", "Co": "private-use character", "Cs": "surrogate", "Cn": "noncharacter"}
    return kinds.get(unicodedata.category(char), "character without a name")
