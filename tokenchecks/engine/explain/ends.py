"""Orders the causes that an answer may have by what corrected such answers: counts over the labelled answers.

ends.toml holds the counts; `make diagnosis-train` writes it. It counts at two places: answers that have this cause by
the catalogue, and those of them that have this code. The narrow place starts from the estimate of the wide one, and
moves away from it as its own answers grow many; the wide one starts from how often the catalogue's first, second, …
cause was right.
"""

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, cast, get_args

from tokenchecks.engine.explain.catalogue import CatalogueError, Class, Code, Who, catalogue
from tokenchecks.engine.explain.wordings import may_mean

FILE: Final = Path(__file__).with_name("ends.toml")
HEAD: Final = """# What mended answers, by the cause that the catalogue gives them, and by code and cause.
# Each line says how often it was which class and who mends it; an answer whose end is confirmed counts twice.
# rank: how often it was the first of the pairs that the catalogue gives, the second, and so on.
# Written by `make diagnosis-train` from the labelled answers; do not edit.

"""
# So many answers at one place weigh as much as the estimate of the wider place.
STRENGTH: Final = 8
PLACES: Final = 6
SPLIT: Final = ", "

Pair = tuple[Class, Who]


@dataclass(frozen=True, slots=True)
class Seen:
    """What an answer is known by: its code ("" for none), and the causes it may have, as the catalogue orders them."""

    code: str
    causes: tuple[str, ...]

    @property
    def places(self) -> tuple[str, ...]:
        """The places where it counts, from the wide to the narrow."""
        cause = self.causes[0]
        if not self.code:
            return (f"cause {cause}",)
        return f"cause {cause}", f"code {self.code}, cause {cause}"

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """Class and person of the causes, each once, in their order."""
        return tuple(dict.fromkeys(map(pair_of, self.causes)))


@dataclass(frozen=True, slots=True)
class Ends:
    """How often the first, second, … pair of the catalogue's order was right, and which pairs were, place by place."""

    rank: tuple[int, ...]
    counts: Mapping[str, Mapping[Pair, int]]

    def ordered(self, seen: Seen) -> tuple[str, ...]:
        """Return the causes, the likeliest first; those of one class and person keep their order."""
        shares = self.shares(seen)
        return tuple(sorted(seen.causes, key=lambda cause: -shares[pair_of(cause)]))

    def shares(self, seen: Seen) -> dict[Pair, float]:
        """Return the probability of each pair, by the narrowest place."""
        whole = sum(self.rank) + PLACES
        shares = {
            pair: (self.rank[min(at, PLACES - 1)] + 1) / whole / (1 if at < PLACES - 1 else len(seen.pairs))
            for at, pair in enumerate(seen.pairs)
        }
        for place in seen.places:
            counts = self.counts.get(place, {})
            total = sum(counts.values()) + STRENGTH
            shares = {pair: (counts.get(pair, 0) + STRENGTH * share) / total for pair, share in shares.items()}
        return shares

    def reasons(self, seen: Seen) -> Iterator[str]:
        """Yield in words what the order follows from."""
        for place in seen.places:
            if counts := self.counts.get(place):
                named = (f"{SPLIT.join(pair)}: {count}" for pair, count in sorted(counts.items(), key=_most_first))
                yield f"{place}: {'; '.join(named)}"


def pair_of(cause: str) -> Pair:
    """Return the class of a cause, and who corrects it."""
    known = catalogue().causes[cause]
    return known.class_, known.who


def learned(answers: Iterable[tuple[Seen, Pair]]) -> Ends:
    rank: Counter[int] = Counter()
    counts: dict[str, Counter[Pair]] = {}
    for seen, end in answers:
        if end in seen.pairs:
            rank[min(seen.pairs.index(end), PLACES - 1)] += 1
        for place in seen.places:
            counts.setdefault(place, Counter())[end] += 1
    return Ends(tuple(rank[at] for at in range(PLACES)), counts)


def written(ends: Ends) -> str:
    lines = [f"rank = {list(ends.rank)}", "", "[mended]"]
    for place, counts in sorted(ends.counts.items()):
        if not counts:
            continue
        named = (f'"{SPLIT.join(pair)}" = {count}' for pair, count in sorted(counts.items(), key=_most_first))
        lines.append(f'"{place}" = {{ {", ".join(named)} }}')
    return HEAD + "\n".join([*lines, ""])


@cache
def ends() -> Ends:
    """Return ends.toml; CatalogueError where it names what does not exist."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    counts = {place: {_pair(pair): count for pair, count in named.items()} for place, named in data["mended"].items()}
    return Ends(tuple(data["rank"]), counts)


@cache
def likeliest(code: Code) -> str:
    """Return the likeliest cause of a code, where nothing else is known."""
    return ends().ordered(Seen(code.code, tuple(dict.fromkeys(may_mean(code, code.cause)))))[0]


def _pair(named: str) -> Pair:
    class_, _, who = named.partition(SPLIT)
    if class_ not in get_args(Class) or who not in get_args(Who):
        raise CatalogueError(f"{named!r} is no class and person")
    return cast("Class", class_), cast("Who", who)


def _most_first(item: tuple[Pair, int]) -> tuple[int, Pair]:
    return -item[1], item[0]
