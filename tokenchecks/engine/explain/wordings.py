"""wordings.toml, read once and checked: answers without a code, and what else a cause may be."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, Final, Literal, cast, get_args

from tokenchecks.engine.explain.catalogue import CatalogueError, Cause, Code, Flag, catalogue, read_code
from tokenchecks.engine.explain.literals import Search, Words, compiled

FILE: Final = Path(__file__).with_name("wordings.toml")
NEVER: Final = "(?!)"
# How much a wording says: "" decides, "weak" gives way to an OAuth error, "own" to whatever a server said, "guess" to
# everything.
Strength = Literal["", "weak", "own", "guess"]


@dataclass(frozen=True, slots=True)
class Wording:
    """The pattern of an answer without a code; `printed` is its code, if it has one."""

    code: Code
    printed: str
    match: Search
    enhanced: re.Pattern[str]
    also: tuple[str, ...]
    strength: Strength


@dataclass(frozen=True, slots=True)
class Wordings:
    """wordings.toml; patterns are searched in lower case."""

    near: Mapping[Flag, Search]
    anywhere: Mapping[Flag, Search]
    texts: tuple[Wording, ...]
    sentences: Mapping[str, Search]
    also_of_code: Mapping[str, tuple[str, ...]]
    also_of_cause: Mapping[str, tuple[str, ...]]
    evidence: Mapping[str, str]
    evidence_of_class: Mapping[str, str]


@cache
def wordings() -> Wordings:
    """Return what wordings.toml says; CatalogueError where it is not complete."""
    return read(tomllib.loads(FILE.read_text(encoding="utf-8")))


def read(data: Mapping[str, Any]) -> Wordings:
    """Make typed values of parsed TOML, and check that every reference exists."""
    causes = catalogue().causes
    evidence = {key: text for key, text in data["evidence"].items() if key != "class"}
    also = {kind: {key: tuple(keys) for key, keys in data["also"][kind].items()} for kind in ("code", "cause")}
    texts = tuple(_wording(name, entry, causes) for name, entry in data["text"].items())
    listed = chain(*also["code"].values(), *also["cause"].values(), *(text.also for text in texts))
    sentences = {code: compiled(said) for code, said in data["sentence"].items()}
    if unknown := sentences.keys() - catalogue().tables["aadsts"].keys():
        raise CatalogueError(f"{min(unknown)} is no code of Entra's that is known")
    for key in chain(evidence, also["cause"], listed):
        if key not in causes:
            raise CatalogueError(f"{key!r} is no cause")
    return Wordings(
        near=_flags(data["flag"]["near"]),
        anywhere=_flags(data["flag"]["anywhere"]),
        texts=texts,
        sentences=sentences,
        also_of_code=also["code"],
        also_of_cause=also["cause"],
        evidence=evidence,
        evidence_of_class=data["evidence"]["class"],
    )


def words_of(text: str) -> Words:
    """Return the words of a text in lower case, whether its lines are joined or not."""
    return Words(text.lower().replace("\n", ""))


def said_near(text: str) -> frozenset[Flag]:
    """Return the evidence in the words next to a code."""
    return _said(wordings().near, text, words_of(text))


def said_anywhere(text: str, words: Words) -> frozenset[Flag]:
    """Return the evidence in a whole text, such as how the program signs in."""
    return _said(wordings().anywhere, text, words)


def others(code: str, cause: str) -> Iterator[str]:
    """Yield the causes that this code or this cause is mistaken for, likeliest first."""
    known = wordings()
    yield from known.also_of_code.get(code, ())
    yield from known.also_of_cause.get(cause, ())


def may_mean(code: Code, decided: str, also: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield a cause, and what else the code may mean: what evidence could have shown, and what it is mistaken for."""
    alone = decided == code.cause
    taken_for = (*also, *others(code.code if alone else "", decided), *others(code.code, code.cause))
    shown = (code.cause, *dict(code.when).values())
    yield decided
    yield from (cause for cause in taken_for if cause in shown)
    yield from taken_for
    yield from shown


def telling(cause: Cause) -> str:
    """Return what would show that it is this cause and no other."""
    known = wordings()
    return known.evidence.get(cause.key) or known.evidence_of_class[cause.class_]


def _wording(name: str, entry: Mapping[str, Any], causes: Mapping[str, Cause]) -> Wording:
    if not {"match", "enhanced"} & entry.keys():
        raise CatalogueError(f"{name}: nothing says how it is worded")
    return Wording(
        code=read_code(name, entry, causes),
        printed=entry.get("code", ""),
        match=compiled(entry.get("match", NEVER)),
        enhanced=re.compile(entry.get("enhanced", NEVER)),
        also=tuple(entry.get("also", ())),
        strength=_strength(name, entry.get("strength", "")),
    )


def _strength(name: str, strength: str) -> Strength:
    if strength not in get_args(Strength):
        raise CatalogueError(f"{name}: {strength!r} is no strength")
    return cast("Strength", strength)


def _flags(entries: Mapping[str, str]) -> dict[Flag, Search]:
    for name in entries:
        if name not in get_args(Flag):
            raise CatalogueError(f"{name!r} is no flag")
    return {cast("Flag", name): compiled(pattern) for name, pattern in entries.items()}


def _said(searches: Mapping[Flag, Search], text: str, words: Words) -> frozenset[Flag]:
    """Search the text with its lines joined: at a blank, and as where a word was broken."""
    lower = text.lower()
    joined = {" ".join(lower.split()), lower.replace("\n", "")}
    return frozenset(flag for flag, search in searches.items() if any(search(one, words) for one in joined))
