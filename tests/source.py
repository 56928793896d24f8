"""The product's own Python files, for tests that read them."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Not part of the product.
APART = {"tests", "bench"}
PACKAGES = sorted(path.parent.name for path in ROOT.glob("*/__init__.py") if path.parent.name not in APART)


def modules() -> Iterator[Path]:
    """Yield each module of the product but the migrations, by its path from the root."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT)


def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a file, which may be one of the product or any other."""
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), str(path))
