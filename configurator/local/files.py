"""Small files that only their owner may read."""

import os
import shlex
from collections.abc import Mapping
from pathlib import Path


def write_private(path: Path, text: str) -> None:
    """Write ``text`` to ``path`` for the owner only; a reader sees the old file or the new, never half."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
        stream.write(text)
    draft.replace(path)


def write_settings(path: Path, values: Mapping[str, str]) -> None:
    """Write ``values`` as NAME=value lines, quoted where needed."""
    write_private(path, "".join(f"{name}={shlex.quote(value)}\n" for name, value in values.items()))


def read_settings(path: Path) -> dict[str, str]:
    """Read what ``write_settings`` wrote; {} when there is no such file."""
    if not path.exists():
        return {}
    pairs = (line.partition("=") for line in path.read_text().splitlines())
    return {name: "".join(shlex.split(value)) for name, _, value in pairs}
