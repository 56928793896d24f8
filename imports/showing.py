"""What the page of an import shows: how far it is, how many rows do what, and the rows themselves."""

from dataclasses import dataclass
from typing import Any, Self

from django.core.paginator import Page as Rows
from django.core.paginator import Paginator
from django.http import QueryDict

from configurator.audit.words import in_words
from imports.counting import ColumnChange, shortened
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
        return Outcome(self.row.outcome)


class Counted(Paginator):
    """Pages whose number of rows is known."""

    def __init__(self, rows: Any, count: int) -> None:
        super().__init__(rows, SHOWN)
        self.known = count

    @property
    def count(self) -> int:
        return self.known


def totals_of(shown: Import) -> list[tuple[Outcome, int]]:
    """Return how many rows do what, as far as any does."""
    return [(outcome, shown.counts[outcome]) for outcome in Outcome if shown.counts.get(outcome)]


@dataclass(frozen=True)
class Choice:
    """The rows that are shown: those with an outcome, those that change a column, or with neither all."""

    outcome: Outcome | None = None
    column: ColumnChange | None = None

    @classmethod
    def of(cls, shown: Import, query: QueryDict) -> Self:
        """Return the choice of the query string; an unknown outcome or column is ignored."""
        outcome = query.get("outcome", "")
        column = next((column for column in shown.changes if column["name"] == query.get("column")), None)
        return cls(Outcome(outcome) if outcome in Outcome.values else None, column)


def page_of(shown: Import, choice: Choice, number: str) -> Rows:
    """Return a page of the rows; one query."""
    rows = ImportRow.objects.filter(of=shown).order_by("number")
    count = sum(shown.counts.values())
    if choice.column:
        rows = rows.filter(outcome=Outcome.CHANGED, after__has_key=choice.column["name"])
        count = choice.column["rows"]
    elif choice.outcome:
        rows, count = rows.filter(outcome=choice.outcome), shown.counts.get(choice.outcome, 0)
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
    return [Change(label, shortened(then, LONGEST), shortened(now, LONGEST)) for label, then, now in sides]


def changes_of(shown: Import) -> list[tuple[ColumnChange, int]]:
    """Return the columns that change, each with the number of its rows whose values are not listed."""
    return [(column, column["rows"] - sum(rows for *_, rows in column["pairs"])) for column in shown.changes]
