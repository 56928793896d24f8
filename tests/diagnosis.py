"""How often the explainer is right, measured by leave-one-out over the collection of labelled answers.

``python -m tests.diagnosis`` prints the figures. Whatever is learned for an answer is learned without that answer,
without others of its source thread, and without those that say nearly the same. The patterns and the catalogue were
written with most of the answers in sight: how an answer new to them fares is told in the head of each file of answers.

``python -m tests.diagnosis --train`` counts the ends of all of them into tokenchecks/engine/ends.toml; an answer with a
confirmed end counts twice.
``python -m tests.diagnosis --why FILE`` prints the counts that order the causes of a text.
"""

import re
import sys
from collections import ChainMap, Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.tokenchecks.engine.labelled import EVERY_TEXT, label
from tokenchecks.engine.explain.diagnose import MOST, NOTHING, seen
from tokenchecks.engine.explain.ends import FILE, Ends, Pair, Seen, ends, learned, pair_of, written

# Identifiers, numbers and addresses differ between two reports of one answer.
VARIABLE: Final = re.compile(r"\S*[\d@]\S*")
WORD: Final = re.compile(r"[^\W_]{2,}")
SHINGLE: Final = 3
ALIKE: Final = 0.8
# The label of an answer whose end nobody tells follows from what its code says, which the ends are to correct.
CONFIRMED: Final = 2
WORST: Final = 20
# The first pattern found says what an answer is of.
CHANNELS: Final = {
    "entra": re.compile(r"(?i)aadsts|\bmsal|invalid_(?:grant|client|request|scope|resource)|login\.microsoftonline"),
    "ews": re.compile(r"(?i)\bews\b|exchangelib|exchangewebservices|autodiscover|/ews/|exchange\.webservices"),
    "graph": re.compile(r"(?i)graph|odata|innererror|error(?:access|item|invalid|folder|mailbox|send|quota)"),
    "imap and pop": re.compile(r"(?i)imap|\bpop3?\b|authenticate failed|login failed|-err "),
    "smtp": re.compile(r"(?i)smtp|\b[45]\.\d{1,2}\.\d{1,3}\b|starttls|sendas|mail from"),
    "other": re.compile(""),
}


@dataclass(frozen=True)
class Judged:
    """One answer, what it was labelled with, and what was said of it."""

    row: Mapping[str, Any]
    wanted: Pair
    said: list[Pair]
    known: bool

    @property
    def first(self) -> bool:
        """Whether the first cause is the labelled one."""
        return self.said[:1] == [self.wanted]

    @property
    def among(self) -> bool:
        """Whether one of the causes is the labelled one."""
        return self.wanted in self.said


def channel(row: Mapping[str, Any]) -> str:
    """Return which service or protocol an answer is of."""
    return next(name for name, pattern in CHANNELS.items() if pattern.search(row["words"]))


def groups(rows: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Return the rows in groups: those of one thread, and those that say nearly the same, are in one."""
    parent = list(range(len(rows)))

    def root(number: int) -> int:
        while parent[number] != number:
            number = parent[number]
        return number

    for one, other in _related(rows):
        parent[root(other)] = root(one)
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for number, row in enumerate(rows):
        found[root(number)].append(row)
    return list(found.values())


def _related(rows: list[dict[str, Any]]) -> Iterator[tuple[int, int]]:
    """Yield pairs of rows of one thread, and of rows whose words are nearly the same."""
    threads: dict[str, int] = {}
    holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
    shingles = [_shingles(row["words"]) for row in rows]
    for number, row in enumerate(rows):
        if source := row.get("source", "").lower():
            yield threads.setdefault(source, number), number
        shared = Counter(other for shingle in shingles[number] for other in holders[shingle])
        for other, both in shared.items():
            if both >= ALIKE * len(shingles[number] | shingles[other]):
                yield other, number
        for shingle in shingles[number]:
            holders[shingle].append(number)


def _shingles(words: str) -> frozenset[tuple[str, ...]]:
    plain = WORD.findall(VARIABLE.sub(" ", words.lower()))
    if len(plain) < SHINGLE:
        return frozenset({tuple(plain) or (words,)})
    return frozenset(zip(*(plain[start:] for start in range(SHINGLE)), strict=False))


def judged(rows: list[dict[str, Any]]) -> Iterator[Judged]:
    """Yield what is said of each row by what all but its group teach."""
    answers = [(seen(row["words"]), label(row)) for row in rows]
    number = {id(row): at for at, group in enumerate(groups(rows)) for row in group}
    of_group: dict[int, list[tuple[Seen, Pair]]] = defaultdict(list)
    for row, answer in zip(rows, answers, strict=True):
        of_group[number[id(row)]] += weighted(row, answer)
    whole = learned(answer for counted in of_group.values() for answer in counted)
    for row, (known, wanted) in zip(rows, answers, strict=True):
        others = without(whole, learned(of_group[number[id(row)]]))
        said = list(dict.fromkeys(map(pair_of, others.ordered(known))))[:MOST]
        yield Judged(row, wanted, said, known.causes[0] != NOTHING)


def weighted(row: Mapping[str, Any], answer: tuple[Seen, Pair]) -> list[tuple[Seen, Pair]]:
    """Return the answer as often as it counts."""
    return [answer] * (CONFIRMED if row.get("mended") else 1)


def without(whole: Ends, part: Ends) -> Ends:
    """Return the counts of the whole less those of the part."""
    rank = tuple(one - other for one, other in zip(whole.rank, part.rank, strict=True))
    less: dict[str, Mapping[Pair, int]] = {
        place: Counter(whole.counts[place]) - Counter(counts) for place, counts in part.counts.items()
    }
    return Ends(rank, ChainMap(less, dict(whole.counts)))


def train() -> str:
    """Return the file of ends that the collection teaches."""
    return written(learned(answer for row in EVERY_TEXT for answer in weighted(row, (seen(row["words"]), label(row)))))


def report(answers: list[Judged]) -> Iterator[str]:
    """Yield the lines of the report."""
    yield f"{'':24}{'answers':>8}{'first':>8}{'of three':>10}{'none':>6}"
    yield _line("all", answers)
    yield _line("with a confirmed end", [one for one in answers if one.row.get("mended")])
    for name in CHANNELS:
        yield _line(name, [one for one in answers if channel(one.row) == name])
    wrong = Counter((_short(one.wanted), _short(one.said[0])) for one in answers if not one.first)
    yield "\nmost often mistaken: labelled, said first"
    for (wanted, said), count in wrong.most_common(WORST):
        yield f"{count:4}  {wanted:22} {said}"


def _line(name: str, answers: Iterable[Judged]) -> str:
    rows = list(answers)
    if not rows:
        return f"{name:24}{0:8}"
    first = sum(one.first for one in rows) / len(rows)
    among = sum(one.among for one in rows) / len(rows)
    none = sum(not one.known for one in rows)
    return f"{name:24}{len(rows):8}{first:8.1%}{among:10.1%}{none:6}"


def _short(pair: Pair) -> str:
    return f"{pair[0]}, {pair[1].split()[0].lower()}"


def main(arguments: list[str]) -> None:
    """Print the figures; with --train, write the file of ends; with --why, print what orders the causes of a file."""
    match arguments:
        case ["--train"]:
            FILE.write_text(train(), encoding="utf-8")
        case ["--why", path]:
            sys.stdout.write("\n".join([*ends().reasons(seen(Path(path).read_bytes())), ""]))
        case _:
            answers = list(judged(EVERY_TEXT))
            head = f"{len(answers)} answers in {len(groups(EVERY_TEXT))} groups, each judged by what the others teach"
            sys.stdout.write("\n".join([head, *report(answers), ""]))


if __name__ == "__main__":
    main(sys.argv[1:])
