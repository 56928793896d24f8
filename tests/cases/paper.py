"""docs/cases.md: the rows as tables."""

from typing import Any

from tests.cases.rows import CHANNELS, input_of, rows
from tests.rules import ROOT, shown

PAPER = ROOT / "docs" / "cases.md"
HEAD = """# Cases from outside

What people outside tried, and what the console says. Made by `make rules` from `tests/cases/`, where each row is a
test; do not edit.
"""


def paper() -> str:
    """Return docs/cases.md as the rows have it."""
    lines = [HEAD]
    for channel, title in CHANNELS.items():
        lines += [f"\n## {title}\n", "| Case | Kind | Input | What is said |", "| --- | --- | --- | --- |"]
        lines += [_line(row) for row in rows(channel)]
    return "\n".join(lines) + "\n"


def _line(row: dict[str, Any]) -> str:
    said = row["says"] or "Taken as meant."
    cells = (row["id"], row["kind"], f"`{shown(input_of(row))}`", said)
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
