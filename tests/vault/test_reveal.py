"""Only the modules named here may look at the text of a secret; whoever adds one says why in its review."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    "configurator",
    "mailsettings",
    "queues",
    "imports",
    "tokenchecks",
    "health",
    "dashboard",
    "support",
    "demo",
    "bench",
)
ALLOWED = {
    "health/alarms/notices/webhook.py",  # posts to the address, whose path is a secret
    "configurator/vault/envelope.py",  # encrypts it
    "mailsettings/validators.py",  # tells a Secret ID from a secret
    "tokenchecks/engine/claims.py",  # takes a token apart
    "tokenchecks/engine/explain/evidence.py",  # looks for a Secret ID and for blanks
    "tokenchecks/engine/stages/settings.py",  # the same, before anything is sent
    "tokenchecks/engine/microsoft/entra.py",  # sends it
    "tokenchecks/engine/microsoft/graph.py",  # sends the token that was got with it
    "tokenchecks/engine/microsoft/proxy.py",  # signs in at the proxy
    "tokenchecks/engine/redact.py",  # searches the provider's words for it
}
NAMES = {"reveal", "_Secret__text"}


def looks(source: str) -> Iterator[int]:
    """Yield the lines that name a way to the text, spelt as an attribute or as a string for getattr."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Attribute(attr=name) | ast.Constant(value=name) if name in NAMES:
                yield node.lineno


def python_files() -> Iterator[Path]:
    for room in ROOMS:
        yield from (ROOT / room).rglob("*.py")


def test_only_the_allowed_modules_reveal_a_secret() -> None:
    found = {
        path.relative_to(ROOT).as_posix(): lines
        for path in python_files()
        if (lines := list(looks(path.read_text(encoding="utf-8"))))
    }
    found.pop("configurator/vault/text.py")
    assert not {path: lines for path, lines in found.items() if path not in ALLOWED}
    assert not ALLOWED - found.keys(), "These need it no more: take them off the list."


@pytest.mark.parametrize(
    "source",
    [
        "secret.reveal()",
        "x = secret.reveal",
        "map(Secret.reveal, xs)",
        "getattr(s, 'reveal')()",
        "s._Secret__text",
    ],
)
def test_every_spelling_is_seen(source: str) -> None:
    assert list(looks(source)) == [1]


def test_text_that_only_speaks_of_it_is_not_seen() -> None:
    assert not list(looks('"""They reveal nothing."""\nrevealed = 1'))
