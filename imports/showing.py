"""What the page of an import shows: how far it is, how many rows do what, and the rows themselves."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page as Rows
from django.core.paginator import Paginator

from configurator.console.audit_words import in_words
from imports.kinds import KINDS
from imports.models import Import, ImportRow, Outcome

SHOWN = 50
LONGEST = 300


@dataclass(frozen=True)
class Change:
    """One field of a row's object before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Shown:
    """A row as the page shows it."""

    row: ImportRow
    changes: list[Change]

    @property
    def outcome(self) -> Outcome:
        """What becomes of the object."""
        return Outcome(self.row.outcome)


class Counted(Paginator):
    """Pages whose number of rows is known."""

    def __init__(self, rows: Any, count: int) -> None:
        """Take the count from whoever counted already."""
        super().__init__(rows, SHOWN)
        self.known = count

    @property
    def count(self) -> int:
        """The number of rows."""
        return self.known


def totals_of(shown: Import) -> list[tuple[Outcome, int]]:
    """Return how many rows do what, as far as any does."""
    return [(outcome, shown.counts[outcome]) for outcome in Outcome if shown.counts.get(outcome)]


def page_of(shown: Import, outcome: str, number: str) -> Rows:
    """Return a page of the rows with that outcome, of all rows where there is no such outcome; one query."""
    rows = ImportRow.objects.filter(of=shown).order_by("number")
    count = sum(shown.counts.values())
    if outcome in Outcome.values:
        rows, count = rows.filter(outcome=outcome), shown.counts.get(outcome, 0)
    page = Counted(rows, count).get_page(number)
    page.object_list = [Shown(row, _changes(shown.kind, row)) for row in page.object_list]
    return page


def _changes(kind: str, row: ImportRow) -> list[Change]:
    """Return each field that changes, in the words of the screens."""
    if row.outcome == Outcome.DELETED:
        return []
    filled = row.outcome == Outcome.CREATED
    fields = KINDS[kind].model.audit_fields
    names = [name for name in fields if name in row.after and not (filled and row.after[name] == "")]
    sides = [in_words(kind, name, row.before.get(name), row.after.get(name)) for name in names]
    return [Change(label, _short(then), _short(now)) for label, then, now in sides]


def _short(text: str) -> str:
    """Return a long text cut off."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
