"""Rules and their proofs: a test says which rules it proves, and docs/rules.md is made of what the tests say.

``python -m tests.rules`` writes the page; tests/test_papers.py fails while it is out of date.
"""

import importlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAPER = ROOT / "docs" / "rules.md"
HEAD = """# The rules, each with its message

Made from the tests by `python -m tests.rules`; do not edit. Each row is a test case: what is typed in the field,
the message that comes back on it, and where the rule stands. *Form* is the screen's form; a `constraint` of the
database holds the rule for whoever writes past the form too; a *notice* is shown after saving and refuses nothing.
"""
LONGEST = 90
Test = TypeVar("Test", bound=Callable[..., None])


@dataclass(frozen=True)
class Place:
    """A field of a screen: SC's label, and the form's name of it."""

    screen: str
    label: str
    name: str


@dataclass(frozen=True)
class Rule:
    """A rule, one way to break it, and what the console says then."""

    place: Place
    text: str
    typed: dict[str, str]
    message: str
    where: str = "form"
    constraint: str = ""
    past: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.place.label}: {self.text}"


def rule(
    place: Place, text: str, typed: str | dict[str, str], message: str, *, where: str = "form", **database: Any
) -> Callable[[Test], Test]:
    """Mark a test as the proof of a rule: it gets ``case``, once for each mark.

    ``constraint`` names the one that refuses ``past``, values written past the form; a test that takes ``past`` gets
    each such rule of its module.
    """
    known = Rule(place, text, typed if isinstance(typed, dict) else {place.name: typed}, message, where, **database)

    def mark(test: Test) -> Test:
        vars(test)["rules"] = (known, *rules_of(test))
        return test

    return mark


def rules_of(test: object) -> tuple[Rule, ...]:
    """Return the rules that a test proves."""
    found: tuple[Rule, ...] = getattr(test, "rules", ())
    return found


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test once for each rule it proves, or for each rule of its module that a constraint holds too."""
    if "case" in metafunc.fixturenames:
        metafunc.parametrize("case", rules_of(metafunc.function), ids=str)
    if "past" in metafunc.fixturenames:
        held = [known for _, known in rules_in(metafunc.module) if known.constraint]
        metafunc.parametrize("past", held, ids=lambda known: known.constraint)


def rules_in(module: ModuleType) -> Iterator[tuple[str, Rule]]:
    """Yield each rule of a test module with the name of its test."""
    for name, test in vars(module).items():
        for known in rules_of(test):
            yield name, known


def every_rule() -> Iterator[tuple[str, Rule]]:
    """Yield each rule with the test that proves it, as ``file::test``."""
    for path in sorted((ROOT / "tests").glob("*/test_*rules.py")):
        module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for name, known in rules_in(module):
            yield f"{path.relative_to(ROOT).as_posix()}::{name}", known


def paper() -> str:
    """Return docs/rules.md as the tests have it."""
    lines = [HEAD]
    screen = ""
    for test, known in every_rule():
        if known.place.screen != screen:
            screen = known.place.screen
            lines += [f"\n## {screen}\n", "| Field | Rule | Typed | Message | Where | Test |", "| --- " * 6 + "|"]
        where = f"{known.where}, constraint `{known.constraint}`" if known.constraint else known.where
        cells = (known.place.label, known.text, typed(known), known.message, where, f"`{test}`")
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def typed(known: Rule) -> str:
    """Return what is typed, as code: other fields by name, signs that do not print by their escapes."""
    alone = list(known.typed) == [known.place.name]
    return ", ".join(f"`{shown(text)}`" if alone else f"{name}: `{shown(text)}`" for name, text in known.typed.items())


def shown(text: str) -> str:
    """Return the text on one line, cut in the middle when it is long."""
    plain = "".join(char if char.isprintable() and char != "`" else repr(char)[1:-1] for char in text) or " "
    return plain if len(plain) <= LONGEST else f"{plain[:40]} … {plain[-8:]} ({len(text)} characters)"


def main() -> None:
    """Write the paper."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "configurator.settings")
    for name in ("SECRET_KEY", "DATABASE_URL"):
        os.environ.setdefault(name, "postgresql:///no-database-is-asked" if name == "DATABASE_URL" else "x" * 50)
    django = importlib.import_module("django")
    django.setup()
    PAPER.write_text(paper(), encoding="utf-8")


if __name__ == "__main__":
    # The tests import this file by its name, and their marks are of that module's classes.
    importlib.import_module("tests.rules").main()
