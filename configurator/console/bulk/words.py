"""What the pages of a job say of its rows: shape, colour and word of each outcome."""

from dataclasses import dataclass
from typing import Final

from configurator.console.bulk.actions import BulkAction
from configurator.console.bulk.models import BulkRow, Outcome

# The colour of a status, and a shape of its own.
LOOKS: Final = {
    Outcome.REFUSED: ("broken", "✕"),
    Outcome.READY: ("checking", "→"),
    Outcome.DONE: ("ok", "✓"),
    Outcome.UNCHANGED: ("unchecked", "="),
}


@dataclass(frozen=True)
class Badge:
    """An outcome as badges show it."""

    value: str
    shape: str
    label: str


@dataclass(frozen=True)
class ShownRow:
    """A row with its outcome, and whether its object is still there to be opened."""

    row: BulkRow
    status: Badge
    opens: bool


def badge(action: BulkAction, outcome: Outcome) -> Badge:
    """Return the outcome in the words of the action."""
    words = {Outcome.READY: action.ahead, Outcome.DONE: action.done}
    return Badge(*LOOKS[outcome], words.get(outcome, outcome.label))


def shown(action: BulkAction, row: BulkRow, *, limited: bool = False) -> ShownRow:
    """Return the row as the pages show it, to who is limited to queue groups without what he may not view."""
    outcome = Outcome(row.outcome)
    if limited and outcome == Outcome.REFUSED:
        row.reason = action.refused_in_short or row.reason
    return ShownRow(row, badge(action, outcome), bool(row.url) and not (action.danger and outcome == Outcome.DONE))
