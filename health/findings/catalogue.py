"""rules.toml, read once and checked: each rule in words."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from health.findings.kinds import KINDS
from health.findings.severity import Severity

FILE: Final = Path(__file__).with_name("rules.toml")
WORDS: Final = ("title", "reason", "remedy")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule about objects of one kind: what is wrong, why that matters, and what to do."""

    key: str
    kind: str
    severity: Severity
    title: str
    reason: str
    remedy: str


class CatalogueError(ValueError):
    """rules.toml is not complete; the message names the rule."""


@cache
def catalogue() -> Mapping[str, Rule]:
    """Return the rules by key; CatalogueError where the file is not complete."""
    return read(tomllib.loads(FILE.read_text(encoding="utf-8")))


def read(entries: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Rule]:
    """Return the rules that the entries describe; CatalogueError for one that is not complete."""
    return {key: _rule(key, entry) for key, entry in entries.items()}


def _rule(key: str, entry: Mapping[str, Any]) -> Rule:
    """Return the rule of one entry."""
    if entry.keys() != {"kind", "severity", *WORDS}:
        raise CatalogueError(f"{key}: needs kind, severity, {', '.join(WORDS)} and nothing else")
    if entry["kind"] not in KINDS:
        raise CatalogueError(f"{key}: no kind {entry['kind']}")
    if entry["severity"] not in Severity.values:
        raise CatalogueError(f"{key}: no severity {entry['severity']}")
    if not all(entry[word].strip() for word in WORDS):
        raise CatalogueError(f"{key}: a text is empty")
    return Rule(key, entry["kind"], Severity(entry["severity"]), *(entry[word] for word in WORDS))
