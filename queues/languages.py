"""Languages by name and tag, as CLDR lists them (through Babel); names are in English."""

import re
from functools import cache, lru_cache
from typing import Final

from babel import Locale, localedata

from queues.validators import LANGUAGE_TAG

CLDR: Final = Locale("en")
BETWEEN: Final = " – "
_SCRIPT_LENGTH: Final = 4
# A tag in any case, alone or after its name: "de", "pt_br", "German – de", "German (de)".
_TAG: Final = r"[a-z]{2,3}(?:[-_][a-z]{4})?(?:[-_](?:[a-z]{2}|[0-9]{3}))?"
_TAG_ALONE: Final = re.compile(_TAG, re.IGNORECASE)
_NAME_AND_TAG: Final = re.compile(rf"(.+?)\s*(?:[–-]\s*({_TAG})|\(({_TAG})\))", re.IGNORECASE)


@lru_cache(maxsize=1024)
def name_of(tag: str) -> str:
    """Return the English name of the tag, such as "German (Austria)"; "" for an unknown tag."""
    language, *rest = tag.split("-")
    parts = [CLDR.scripts.get(part) if len(part) == _SCRIPT_LENGTH else CLDR.territories.get(part) for part in rest]
    if language not in CLDR.languages or None in parts:
        return ""
    return f"{CLDR.languages[language]} ({', '.join(filter(None, parts))})" if parts else CLDR.languages[language]


def described(tag: str) -> str:
    """Return name and tag, such as "German – de"; the tag alone where it has no known name."""
    name = name_of(tag)
    return f"{name}{BETWEEN}{tag}" if name else tag


@cache
def offered() -> tuple[str, ...]:
    """Return the languages to choose from, described, by name: those with a two-letter code that CLDR has texts in."""
    tags = (identifier.replace("_", "-") for identifier in localedata.locale_identifiers())
    whole = [tag for tag in tags if LANGUAGE_TAG.fullmatch(tag) and len(tag.partition("-")[0]) == 2 and name_of(tag)]  # noqa: PLR2004
    return tuple(sorted(map(described, whole)))


@lru_cache(maxsize=1024)
def tag_in(text: str) -> str:
    """Return the tag of a language that is given by tag, by name, or by both; "" for an unknown language."""
    wanted = text.strip()
    if _TAG_ALONE.fullmatch(wanted) and name_of(tag := _in_case(wanted)):
        return tag
    if both := _NAME_AND_TAG.fullmatch(wanted):
        tag = _in_case(both[2] or both[3])
        if name_of(tag).casefold() == both[1].casefold():
            return tag
    return _by_name().get(wanted.casefold(), "")


def _in_case(tag: str) -> str:
    """Return the tag in the case of RFC 5646."""
    language, *rest = tag.replace("_", "-").split("-")
    cased = [part.title() if len(part) == _SCRIPT_LENGTH else part.upper() for part in rest]
    return "-".join([language.lower(), *cased])


@cache
def _by_name() -> dict[str, str]:
    """Return the tag of each name, in lower case."""
    return {name.casefold(): tag for name, _, tag in (line.rpartition(BETWEEN) for line in offered())}
