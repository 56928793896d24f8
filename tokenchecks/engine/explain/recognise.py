"""Finds in any text what it can be known by: codes, wordings, OAuth errors, statuses, and evidence in its words."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from operator import itemgetter
from typing import Final

from tokenchecks.engine.explain.catalogue import Code, Flag, catalogue
from tokenchecks.engine.explain.explanation import PREFIX, find_code
from tokenchecks.engine.explain.literals import Words
from tokenchecks.engine.explain.patterns import (
    AADSTS,
    ABOUT_MAIL,
    ADDRESSES,
    AT_LOGIN,
    AT_MAILBOX,
    CLOUD_HOSTS,
    CONSTANT,
    ENHANCED,
    ERROR,
    LISTED,
    NAME,
    NAMED_STATUS,
    NUMBERED,
    OR_LATER,
    PROGRAM_NAMES,
    STATUS,
    STATUS_NAMES,
    SUBERROR,
    VERSION,
)
from tokenchecks.engine.explain.wordings import Strength, Wording, said_anywhere, said_near, wordings

NEAR: Final = (200, 900)
CODE_DISTANCE: Final = 120
SHORTEST: Final = 4
EITHER: Final = frozenset({403, 404})
UMBRELLAS: Final = ("70002", "50000")
GENERAL: Final = (
    "UnknownError",
    "generalException",
    "AccessDenied",
    "ServiceUnavailable",
    "InternalServerError",
    "ErrorInvalidRequest",
    "AuthenticationError",
    "Request_BadRequest",
    "ExtensionError",
)


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that a text can be known by: the entry, how its provider prints it, and its position."""

    code: Code
    printed: str
    position: int = 0
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Signs:
    """All that a text can be known by, each list with the strongest first; `unknown` are codes without an entry."""

    codes: tuple[Sign, ...]
    firm: tuple[Sign, ...]
    weak: tuple[Sign, ...]
    own: tuple[Sign, ...]
    guessed: tuple[Sign, ...]
    suberror: str
    error: str
    status: int
    unknown: tuple[str, ...]
    flags: frozenset[Flag]


class Searched:
    """A text in which wordings are searched for: in lower case, its addresses and the names of programs blanked."""

    def __init__(self, text: str, lower: str, words: Words) -> None:
        self.text = text
        self.lower = lower
        self.enhanced = list(_enhanced(lower, words))
        # Each of SMTP's codes once, at its first position: a text may be made of them.
        first = {item[:2]: item for item in reversed(self.enhanced)}
        self.codes = sorted(first.values(), key=itemgetter(2))

    def of_strength(self, strength: Strength) -> str:
        """Return the text in which wordings of this strength are searched for."""
        if strength == "weak":
            return self._without_addresses.lower()
        return self._without_names if strength == "guess" else self.lower

    # Blanked rather than cut out, so that positions stay those of the text.
    @cached_property
    def _without_addresses(self) -> str:
        return ADDRESSES.sub(_blank, self.text)

    @cached_property
    def _without_names(self) -> str:
        return PROGRAM_NAMES.sub(_blank, self._without_addresses).lower()


def signs_in(text: str, words: Words) -> Signs:
    """Return the signs in the text, which holds these words; in time linear in its length."""
    lower = text.lower()
    entra, unknown = _entra(lower, words)
    found = [*_ranked(entra), *_named(text)]
    worded = _worded(text, lower, words)
    statuses = list(_statuses(lower))
    errors = catalogue().tables["error"]
    named = [word for word in ERROR.findall(lower) if word in errors]
    suberror = SUBERROR.search(lower)
    return Signs(
        codes=tuple(found),
        firm=_of_strength(worded, ""),
        weak=_of_strength(worded, "weak"),
        own=_of_strength(worded, "own"),
        guessed=_of_strength(worded, "guess"),
        suberror=suberror[1] if suberror else "",
        error=named[-1] if named else "",
        status=statuses[-1] if statuses else 0,
        unknown=unknown,
        flags=_flags(lower, words, found, statuses),
    )


def _statuses(lower: str) -> Iterator[int]:
    """Yield HTTP's statuses: where there is no number, those that are named."""
    numbers = [int(next(filter(None, match.groups()))) for match in STATUS.finditer(lower)]
    yield from numbers or (STATUS_NAMES[match[1]] for match in NAMED_STATUS.finditer(lower))


def _entra(lower: str, words: Words) -> tuple[list[Sign], tuple[str, ...]]:
    """Return Entra's codes, as numbers or as its sentences; and those that are unknown."""
    found: dict[str, Sign] = {}
    unknown: dict[str, None] = {}
    for code, position in _numbers(lower):
        entry = find_code(code) or refined(code)
        if entry:
            found[code] = Sign(entry, f"{PREFIX}{code}", position)
        else:
            unknown[f"{PREFIX}{code}"] = None
    return list(found.values()) or list(_said_without_number(lower, words)), tuple(unknown)


def _said_without_number(lower: str, words: Words) -> Iterator[Sign]:
    """Yield the codes whose sentence is in the text: many programs show it alone."""
    for code, sentence in wordings().sentences.items():
        match = sentence(lower, words)
        if match:
            yield Sign(catalogue().tables["aadsts"][code], f"{PREFIX}{code}", match.start())


def _numbers(lower: str) -> Iterator[tuple[str, int]]:
    for match in AADSTS.finditer(lower):
        alone, joined = match[1].split()[0], "".join(match[1].split())
        yield (joined if len(alone) < SHORTEST or find_code(joined) else alone), match.start()
    for match in LISTED.finditer(lower):
        yield from ((code, match.start()) for code in re.findall(r"\d+", match[1]))
    # A bare number is one of Entra's only if Entra has it.
    known = catalogue().tables["aadsts"]
    yield from ((match[1], match.start()) for match in NUMBERED.finditer(lower) if match[1] in known)


def refined(code: str) -> Code | None:
    """Return the entry of the shorter code that a longer one of Entra's refines, if that is known."""
    known = catalogue().tables["aadsts"]
    return next((known[code[:end]] for end in range(len(code) - 1, 4, -1) if code[:end] in known), None)


def _ranked(found: list[Sign]) -> list[Sign]:
    """Put what a person has to correct before what passes, the narrow before the general, the latest first."""

    def rank(sign: Sign) -> tuple[bool, bool, int]:
        return (sign.code.code in UMBRELLAS, catalogue().causes[sign.code.cause].retry, -sign.position)

    return sorted(found, key=rank)


@cache
def _names() -> Mapping[str, Code]:
    return {code.lower(): entry for code, entry in catalogue().tables["graph"].items()}


def _named(text: str) -> list[Sign]:
    """Return the codes of Graph and Exchange, the latest first, those that say little last."""
    found: dict[str, Sign] = {}
    for match in NAME.finditer(text):
        entry = _names().get(match[0].lower())
        if entry:
            found[entry.code] = Sign(entry, entry.code, match.start())
    return sorted(found.values(), key=lambda sign: (sign.code.code in GENERAL, -sign.position))


def _worded(text: str, lower: str, words: Words) -> list[tuple[Wording, Sign]]:
    """Return the wordings found, in the order of wordings.toml."""
    searched = Searched(text, lower, words)
    found = ((wording, _sign(wording, searched, words)) for wording in wordings().texts)
    return [(wording, sign) for wording, sign in found if sign]


def _of_strength(worded: list[tuple[Wording, Sign]], strength: Strength) -> tuple[Sign, ...]:
    return tuple(sign for wording, sign in worded if wording.strength == strength)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _enhanced(lower: str, words: Words) -> Iterator[tuple[str, str, int]]:
    """Yield SMTP's codes: printed, the enhanced part, and position; not the versions that look like them."""
    # Without any word of mail a bare 4.x.y is a version.
    bare = "45" if ABOUT_MAIL(lower, words) else "5"
    for match in ENHANCED.finditer(lower):
        if match[1] or (match[2][0] in bare and not _is_version(lower, match)):
            yield (f"{match[1]} {match[2]}" if match[1] else match[2]), match[2], match.start()


def _is_version(lower: str, match: re.Match[str]) -> bool:
    before, after = max(0, match.start() - 12), match.end() + 16
    return bool(VERSION.search(lower, before, match.start()) or OR_LATER.match(lower, match.end(), after))


def _sign(wording: Wording, searched: Searched, words: Words) -> Sign | None:
    coded = next((item for item in searched.codes if any(map(wording.enhanced.fullmatch, item[:2]))), None)
    if coded:
        return Sign(wording.code, coded[0], coded[2], wording.also)
    if not wording.match.is_possible(words):
        return None
    match = wording.match.pattern.search(searched.of_strength(wording.strength))
    if not match:
        return None
    near = next((printed for printed, _, at in searched.enhanced if abs(at - match.start()) < CODE_DISTANCE), "")
    printed = near or wording.printed or _constant(searched.text, match)
    return Sign(wording.code, printed, match.start(), wording.also)


def _constant(text: str, match: re.Match[str]) -> str:
    """Return the match if it is a whole name of a program's: only what a pattern spells is repeated."""
    named = CONSTANT.match(text, match.start())
    alone = match.start() == 0 or not text[match.start() - 1].isalnum()
    return named[0] if named and alone and named[0].lower() == match[0] else ""


def _flags(lower: str, words: Words, found: list[Sign], statuses: list[int]) -> frozenset[Flag]:
    before, after = NEAR
    at = found[0].position if found else 0
    flags = said_anywhere(lower, words) | said_near(lower[max(0, at - before) : at + after])
    if "user" in flags:
        flags -= {"service"}
    # A program that requests tokens seldom meets these; one that reads mail does.
    at_either = bool(statuses) and statuses[-1] in EITHER
    if len({cloud for cloud, hosts in CLOUD_HOSTS.items() if hosts(lower, words)}) > 1:
        flags |= {"other_cloud"}
    at_mailbox = AT_MAILBOX(lower, words) or (at_either and not AT_LOGIN(lower, words))
    return flags | {"at_mailbox"} if at_mailbox else flags
