"""The rows of the files in this directory."""

import tomllib
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).resolve().parent
CHANNELS: Final = {"forms": "Forms", "imports": "Imports", "checks": "Live checks", "explain": "Explain"}


def rows(channel: str) -> list[dict[str, Any]]:
    """Return the rows of a channel in the order of its file."""
    found: list[dict[str, Any]] = tomllib.loads((HERE / f"{channel}.toml").read_text(encoding="utf-8"))["case"]
    return found


def name_of(row: dict[str, Any]) -> str:
    """Return how a test of the row is called: its id and the beginning of its input."""
    return f"{row['id']} {input_of(row)[:40]}"


def input_of(row: dict[str, Any]) -> str:
    """Return the input as one line of text: ``shown`` where a row has it, else what the channel takes."""
    for key in ("shown", "text", "csv"):
        if key in row:
            return str(row[key]).strip()
    if "fault" in row:
        return ", ".join(f"{name}: {value}" for name, value in row["fault"].items())
    if "sheets" in row:
        return " / ".join(f"{sheet['name']}: {sheet['rows']}" for sheet in row["sheets"])
    return ", ".join(f"{name}: {value}" for name, value in row.get("typed", {}).items())
