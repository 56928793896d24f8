"""Texts that were labelled before they were run, and what is said of them."""

import json
import tomllib
from pathlib import Path
from typing import Any, Final, cast, get_args

from tokenchecks.engine.explain.catalogue import Class, Who
from tokenchecks.engine.explain.diagnose import MOST, Diagnosis

HERE = Path(__file__)
PEOPLE: Final[dict[str, Who]] = {
    "here": "console administrator",
    "entra": "Entra administrator",
    "exchange": "Exchange administrator",
    "microsoft": "Microsoft",
    "wait": "wait",
}
BODY = json.dumps(
    {
        "error": "invalid_client",
        "error_description": "AADSTS7000215: Invalid client secret provided. Ensure it is the 'value'.\r\nTrace ID: 5d",
        "error_codes": [7000215],
    }
)


def texts(name: str) -> list[dict[str, Any]]:
    """Return the texts of the file, each with its label."""
    rows: list[dict[str, Any]] = tomllib.loads(HERE.with_name(name).read_text(encoding="utf-8"))["text"]
    return rows


def pairs(diagnosis: Diagnosis) -> list[tuple[Class, Who]]:
    """Return class and who mends it of each cause, the likeliest first."""
    return [(finding.meaning.class_, finding.meaning.who) for finding in diagnosis.findings]


def label(row: dict[str, Any]) -> tuple[Class, Who]:
    """Return the class and who mends it that the text was labelled with."""
    return cast("Class", row["class"]), PEOPLE[row["who"]]


LOTS = sorted(path.name for path in HERE.parent.glob("texts_threads_*.toml"))
FROM_THREADS = [row for lot in LOTS for row in texts(lot)]
ENDS = [row for path in sorted(HERE.parent.glob("ends_*.toml")) for row in texts(path.name)]
EVERY_TEXT = [*texts("texts.toml"), *texts("texts_held_out.toml"), *FROM_THREADS, *ENDS]


def healthy(diagnosis: Diagnosis) -> bool:
    """Tell whether it has causes, not too many, and each in full."""
    data = json.loads(json.dumps(diagnosis.as_json()))
    causes = data["causes"]
    return (
        set(data) == {"codes", "certain", "causes"}
        and 1 <= len(causes) <= MOST
        and all(set(cause) == {"class", "who", "cause", "where", "evidence"} for cause in causes)
        and all(cause["class"] in get_args(Class) and cause["who"] in get_args(Who) for cause in causes)
        and all(all(cause.values()) for cause in causes)
    )
