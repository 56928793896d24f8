"""docker-compose.yml as Compose itself reads it: no key twice, and `${…}` filled in from an environment."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parent.parent.parent
FILE = ROOT / "docker-compose.yml"
# `$$`, `${NAME}`, `${NAME:-default}`, `${NAME:?message}`; a `$` that begins none of these is an error to Compose.
VARIABLE = re.compile(r"\$(?:(?P<dollar>\$)|\{(?P<name>[A-Za-z_]\w*)(?:(?P<how>:?[-?])(?P<text>[^${}]*))?\}|(?P<bad>))")


class ComposeError(ValueError):
    """The file is one that Compose refuses, or a variable that it demands is missing."""


def load(text: str) -> dict[str, Any]:
    """Return the file as data; DuplicateKeyError (a YAMLError) where a mapping has a key twice."""
    loaded: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
    return loaded


def texts(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield every text value with the keys that lead to it; places in lists count as keys."""
    if isinstance(node, str):
        yield path, node
    elif isinstance(node, Mapping):
        for key, value in node.items():
            yield from texts(value, (*path, str(key)))
    elif isinstance(node, list):
        for place, value in enumerate(node):
            yield from texts(value, (*path, str(place)))


def interpolate(node: Any, environment: Mapping[str, str]) -> Any:
    """Return ``node`` with the variables of each text filled in, as Compose does."""
    if isinstance(node, str):
        return VARIABLE.sub(lambda found: _value(found, environment), node)
    if isinstance(node, Mapping):
        return {key: interpolate(value, environment) for key, value in node.items()}
    if isinstance(node, list):
        return [interpolate(value, environment) for value in node]
    return node


def _value(found: re.Match[str], environment: Mapping[str, str]) -> str:
    if found["dollar"]:
        return "$"
    if not found["name"]:
        raise ComposeError(f"a lone $ in {found.string!r}: write $$")
    value = environment.get(found["name"])
    how, text = found["how"] or "", found["text"] or ""
    if value is not None and (value or not how.startswith(":")):
        return value
    if how.endswith("?"):
        raise ComposeError(f"{found['name']} is missing: {text}")
    return text
