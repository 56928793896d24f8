"""Names of months in the languages that spreadsheets are sold in, from CLDR (through Babel)."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from itertools import product
from typing import Final, Literal

LANGUAGES: Final = tuple(re.findall(
    r"\S+",
    "en af ar ar_LB ar_MA az be bg bn bs ca cs cy da de de_AT el es et eu fa fi fil fr fr_CA ga gl gu he hi hr hu hy "
    "id is it ja ka kk km kn ko ky lo lt lv mk ml mn mr ms mt my nb ne nl nn pa pl pt ro ru si sk sl sq sr sr_Latn sv "
    "sw ta te th tr uk ur uz vi zh zh_Hant",
))  # fmt: skip
# How German is written without its letters, and what its spreadsheets write for March.
MORE: Final = {"maerz": 3, "mrz": 3, "jaenner": 1}
# Words of dates that Babel's forms of a date lack: articles, "of", and the ends of ordinal numbers.
ACCOMPANYING: Final = frozenset(re.findall(
    r"\S+",
    "st nd rd th of the on e o er re eme a º ª den der dem am le la el il os de del dell di do da d l dne dnia dnya "
    "tues thur thurs ngay thang nam",
))  # fmt: skip
# Separators of the words and numbers of a date.
BETWEEN: Final = re.compile(r"[\d\s.,;:'’`´/()\\_\u2010-\u2015-]+")
ACCENTS: Final = re.compile("[\u0300-\u036f\u200c\u200d]")  # joiners too
SHORTEST_BEGINNING: Final = 4
LONGEST_NAME: Final = 3  # words
ANY_YEAR: Final = 2026
WIDTHS: Final[tuple[Literal["wide", "abbreviated"], ...]] = ("wide", "abbreviated")
CONTEXTS: Final[tuple[Literal["format", "stand-alone"], ...]] = ("format", "stand-alone")
FORMS: Final[tuple[Literal["long", "medium"], ...]] = ("long", "medium")


def words_in(text: str) -> list[str]:
    """Return what is neither number nor separator in the text, in lower case without accents."""
    plain = ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold())).replace("ı", "i")
    return [word for word in BETWEEN.split(plain) if word]


def months_named(text: str) -> tuple[frozenset[int], bool]:
    """Return which months the text may name, in any language, and whether each of its words is one of dates.

    More than one where languages differ: listopad is October in Croatian and November in Czech and Polish.
    """
    months, others = _known()
    words = _joined(words_in(text), months)
    found = {word: _months_of(word, months) for word in words}
    strange = [word for word in words if not found[word] and word not in others]
    if strange:
        return frozenset(), False
    named = [word for word in words if found[word]]
    # One of two may be a weekday: "mar" is both.
    named = [word for word in named if all(other in others for other in named if other is not word)]
    return frozenset().union(*(found[word] for word in named)), bool(named) or all(word in others for word in words)


def _joined(words: list[str], months: dict[str, frozenset[int]]) -> list[str]:
    """Return the words with those joined that are one name of a month, the longest first."""
    for size in range(LONGEST_NAME, 1, -1):
        for first in range(len(words) - size + 1):
            name = " ".join(words[first : first + size])
            if name in months:
                return [*_joined(words[:first], months), name, *_joined(words[first + size :], months)]
    return words


def _months_of(word: str, months: dict[str, frozenset[int]]) -> frozenset[int]:
    """Return the months of the word, or of the names that begin with it."""
    if word in months or len(word) < SHORTEST_BEGINNING:
        return months.get(word, frozenset())
    return frozenset().union(*(found for name, found in months.items() if name.startswith(word)))


@lru_cache(maxsize=1)
def _known() -> tuple[dict[str, frozenset[int]], frozenset[str]]:
    """Return the months by the words that name them, and the words that accompany them in dates."""
    months: dict[str, set[int]] = defaultdict(set)
    others = set(ACCOMPANYING)
    for language in LANGUAGES:
        others.update(_weekdays(language))
        for word, numbers in _months(language).items():
            if len(numbers) > 2:  # noqa: PLR2004  it says nothing of which month it is
                others.update(word.split())
            elif word not in ACCOMPANYING:
                months[word] |= numbers
    for word, number in MORE.items():
        months[word].add(number)
    return {word: frozenset(numbers) for word, numbers in months.items()}, frozenset(others)


def _weekdays(language: str) -> Iterator[str]:
    from babel.dates import get_day_names  # noqa: PLC0415  takes longer than most dates

    for width, context in product(WIDTHS, CONTEXTS):
        for name in get_day_names(width, context, language).values():
            yield from words_in(name)


def _months(language: str) -> dict[str, set[int]]:
    """Return the months by each name and each other word of a date in the language, which has more than one."""
    from babel.dates import format_date, get_month_names  # noqa: PLC0415  takes longer than most dates

    found: dict[str, set[int]] = defaultdict(set)
    for width, context in product(WIDTHS, CONTEXTS):
        for number, name in get_month_names(width, context, language).items():
            found[" ".join(words_in(name))].add(number)
    names = dict.fromkeys(found, frozenset[int]())
    for number, form in product(range(1, 13), FORMS):
        text = format_date(date(ANY_YEAR, number, 1), form, language)
        for word in _joined(words_in(text), names):
            found[word].add(number)
    return found
