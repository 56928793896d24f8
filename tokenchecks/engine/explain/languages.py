"""languages.toml, read once: the sentences of systems and services in other languages, put into English."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, Final

from tokenchecks.engine.explain.literals import Words

FILE: Final = Path(__file__).with_name("languages.toml")
GAP: Final = "…"
MOST: Final = 20
BONUS: Final = 4
MARK: Final = re.compile("[\u0300-\u036f]")
# Characters between words that are first replaced by their usual forms.
WIDE_MARKS: Final = "\uff0c\uff1a\uff01\uff08\uff09"
UMLAUTS: Final = "äöü"
# Line breaks too: what reads as one may be the beginning of a name in a path of Windows.
SPELLED: Final = {GAP: r"[\s\S]{0,80}?", " ": r"\s{0,3}", "'": "['\u2019\u00b4`\u02bc]", "ß": "(?:ß|ss)"}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence or word, its meaning, and a piece of it without which it is not in a text."""

    english: str
    key: str
    said: re.Pattern[str]
    within_words: bool


@cache
def sentences() -> tuple[Sentence, ...]:
    """Return the sentences, the longest first."""
    return read(tomllib.loads(FILE.read_text(encoding="utf-8")))


def read(data: dict[str, Any]) -> tuple[Sentence, ...]:
    """Make typed values of parsed TOML, the longest first, so that a shorter one does not replace a part of it."""
    found = [
        (unicodedata.normalize("NFC", said), entry["english"]) for entry in data["sentence"] for said in entry["said"]
    ]
    return tuple(
        Sentence(english, _key(said), re.compile("".join(map(_letter, said))), _is_unspaced(said[0]))
        for said, english in sorted(found, key=lambda pair: (-len(pair[0]), pair))
    )


def in_english(text: str) -> str:
    """Return the text with the English sentence before each that is known in another language."""
    spans = list(_spans(text))
    pieces, end = [], 0
    for start, stop, english in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= end:
            pieces += [text[end:start], f" {english}: ", text[start:stop]]
            end = stop
    return "".join([*pieces, text[end:]])


def is_known(text: str) -> bool:
    return next(_spans(text), None) is not None


def _spans(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and meaning of the sentences in the text; of each the first few."""
    # The only letter that is longer in lower case; positions have to stay those of the text.
    lower = text.replace("İ", "I").lower()
    folded = lower if lower.isascii() else MARK.sub("", unicodedata.normalize("NFD", lower))
    words = Words(folded)
    for sentence in sentences():
        if sentence.key in words:
            for match in islice(sentence.said.finditer(lower), MOST):
                if sentence.within_words or not lower[max(0, match.start() - 1) : match.start()].isalnum():
                    yield match.start(), match.end(), sentence.english


def _key(said: str) -> str:
    """Return the longest piece between blanks, if possible one without marks, since these may be left out."""
    pieces = re.split(rf"[\s'…{WIDE_MARKS}]+", said)
    best = max(pieces, key=lambda piece: (piece.isascii() or _is_unspaced(piece[:1])) * BONUS + len(piece))
    return MARK.sub("", unicodedata.normalize("NFD", best))


def _letter(letter: str) -> str:
    if letter in SPELLED:
        return SPELLED[letter]
    if letter in WIDE_MARKS:
        return f"[{letter}{re.escape(unicodedata.normalize('NFKC', letter))}]"
    base = unicodedata.normalize("NFD", letter)[0]
    if base == letter or _is_unspaced(letter):
        return re.escape(letter)
    return f"[{letter}{base}]{MARK.pattern}?{'e?' if letter in UMLAUTS else ''}"


def _is_unspaced(letter: str) -> bool:
    """Return whether its script puts no blanks between words."""
    return unicodedata.name(letter, "").startswith(("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI"))
