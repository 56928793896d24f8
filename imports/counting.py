"""What a dry run would change, counted by column and by its values before and after."""

from collections import Counter, defaultdict
from typing import Any, Final, TypedDict

from configurator.audit.words import in_words, label_of, plain
from imports.kinds import KINDS
from imports.models import ImportRow, Outcome

# Distinct pairs that are counted for a column, pairs that are kept, and characters of each value.
MOST_PAIRS: Final = 1_000
KEPT: Final = 5
LONGEST: Final = 80


class ColumnChange(TypedDict):
    """A column whose values would change: in how many rows, what that means where it is grave, and from what to what.

    ``pairs`` are the most frequent as (before, after, rows).
    """

    name: str
    label: str
    rows: int
    grave: str
    pairs: list[tuple[str, str, int]]


class ColumnCounts:
    """Counts the changes of a dry run while it is made."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.rows: Counter[str] = Counter()
        self.pairs: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
        self.values: dict[tuple[str, str, str], tuple[Any, Any]] = {}
        self.grave: set[str] = set()

    def add(self, row: ImportRow) -> None:
        """Count what the row would change of something stored."""
        if row.outcome != Outcome.CHANGED:
            return
        for name, now in row.after.items():
            then, pairs = row.before.get(name), self.pairs[name]
            pair = plain(then), plain(now)
            if pair in pairs or len(pairs) < MOST_PAIRS:
                pairs[pair] += 1
                self.values.setdefault((name, *pair), (then, now))
            self.rows[name] += 1
            if name not in self.grave and KINDS[self.kind].is_grave(name, now):
                self.grave.add(name)

    def found(self) -> list[ColumnChange]:
        """Return the columns that change: those first in which it is grave, then those with the most rows."""
        order = sorted(self.rows, key=lambda name: (name not in self.grave, -self.rows[name], name))
        return [
            ColumnChange(
                name=name,
                label=label_of(self.kind, name),
                rows=self.rows[name],
                grave=KINDS[self.kind].grave[name] if name in self.grave else "",
                pairs=[self._in_words(name, pair, rows) for pair, rows in self.pairs[name].most_common(KEPT)],
            )
            for name in order
        ]

    def _in_words(self, name: str, pair: tuple[str, str], rows: int) -> tuple[str, str, int]:
        _, then, now = in_words(self.kind, name, *self.values[name, *pair])
        return shortened(then, LONGEST), shortened(now, LONGEST), rows


def shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
