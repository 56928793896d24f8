"""The words that this project once spoke to itself, and how many are left in its names, docstrings and comments.

``python -m tests.words`` prints the table, and lowers the ceilings in tests/words.toml to what is left.
tests/test_words.py fails where a room has more than its ceiling; a room without a line has to have none.
"""

import ast
import io
import re
import subprocess
import tokenize
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
CEILINGS = ROOT / "tests" / "words.toml"
NOT_COUNTED = ("tests", "bench")
DIALECT = frozenset(
    """
    told untold retold asked unasked asker askers stands stood standing standings beside whoever whosoever alike anew
    ring rings rung rang ringing peal peals unheard heed heeds heeded taste tastes liked lest mend mends mended mending
    whence thence watchman bury buried foresee foresees foreseen
    """.split()  # noqa: SIM905  a list of one word a line says no more
)
PHRASES = re.compile(r"\b(save for|(?<!so )that one|whatever it is|as it stands)\b")
# Names that cannot change without a change of the data: columns of the database, keys of the JSON in it, and by their
# file columns of lists, which users' preferences name.
STORED = frozenset({"rung_at", "asked_at", "asked"})
STORED_IN = {"health/alarms/tables.py": frozenset({"told", "render_told"})}


class Count(NamedTuple):
    """The words of a room, each with the place where it is written."""

    lines: int
    names: tuple[str, ...]
    prose: tuple[str, ...]


def sources() -> Iterator[Path]:
    """Yield the files of production code."""
    listed = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S607
    for name in listed.stdout.split():
        path = Path(name)
        if path.parts[0] not in NOT_COUNTED and "migrations" not in path.parts and (ROOT / path).exists():
            yield path


def room_of(path: Path) -> str:
    """Return the package that the file is counted with: the app, or its room where it has some."""
    depth = 3 if path.parts[:2] == ("configurator", "console") else 2
    depth = depth if path.parts[0] in ("configurator", "tokenchecks", "health") else 1
    return "/".join(path.parts[:-1][:depth]) or "."


def words_of(name: str) -> frozenset[str]:
    """Return the dialect's words in an identifier, split at underscores and capitals."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|_", " ", name)
    return DIALECT.intersection(spaced.lower().split())


def names_in(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield each name that the module defines, with its line."""
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield line, node.name
            case ast.arg():
                yield line, node.arg
            case ast.Name(ctx=ast.Store()):
                yield line, node.id
            case ast.Attribute(ctx=ast.Store()):
                yield line, node.attr
            case ast.alias(asname=str()):
                yield line, node.asname or ""


def prose_in(source: str, tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the docstrings and comments of the module, with their lines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            text = ast.get_docstring(node)
            if text:
                yield node.body[0].lineno, text
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def dialect_in(text: str) -> list[str]:
    """Return the dialect's words and phrases in a text; what stands in code quotes is a name."""
    plain = re.sub(r"`+[^`]*`+", "", text.lower())
    return [word for word in re.findall(r"[a-z]+", plain) if word in DIALECT] + PHRASES.findall(plain)


def count() -> dict[str, Count]:
    """Return the words that are left, by room."""
    lines: Counter[str] = Counter()
    names: dict[str, list[str]] = {}
    prose: dict[str, list[str]] = {}
    for path in sources():
        room, source = room_of(path), (ROOT / path).read_text()
        tree = ast.parse(source)
        lines[room] += source.count("\n")
        in_names, in_prose = names.setdefault(room, []), prose.setdefault(room, [])
        in_names += [f"{path}: {path.stem}"] if words_of(path.stem) else []
        stored = STORED | STORED_IN.get(str(path), frozenset())
        in_names += [f"{path}:{line}: {name}" for line, name in names_in(tree) if name not in stored and words_of(name)]
        in_prose += [f"{path}:{line}: {word}" for line, text in prose_in(source, tree) for word in dialect_in(text)]
    return {room: Count(lines[room], tuple(names[room]), tuple(prose[room])) for room in sorted(lines)}


def ceilings() -> dict[str, tuple[int, int]]:
    """Return how many words each room may have in names, and in docstrings and comments."""
    held = tomllib.loads(CEILINGS.read_text()) if CEILINGS.exists() else {}
    return {room: (names, prose) for room, (names, prose) in held.items()}


def lower(left: dict[str, Count]) -> None:
    """Write the ceilings down to what is left; none is ever raised."""
    held = ceilings()
    text = "# Words of the old dialect that are left in each room: in names, in prose.  Only ever lowered.\n"
    for room, found in left.items():
        names, prose = held.get(room, (0, 0))
        names, prose = min(names, len(found.names)), min(prose, len(found.prose))
        text += f'"{room}" = [{names}, {prose}]\n' if names or prose else ""
    CEILINGS.write_text(text)


if __name__ == "__main__":
    found = count()
    lower(found)
    for name, room in found.items():
        print(f"{name:32} {room.lines:6} lines {len(room.names):4} in names {len(room.prose):4} in prose")  # noqa: T201
    lines = sum(room.lines for room in found.values())
    words = sum(len(room.prose) for room in found.values())
    print(f"{lines} lines, {sum(len(room.names) for room in found.values())} in names,", end=" ")  # noqa: T201
    print(f"{words} in docstrings and comments: {1000 * words / lines:.1f} in a thousand lines")  # noqa: T201
