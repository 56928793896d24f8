"""The floors of the house, and which of them a template, a module or a name in a string belongs to.

The floors are those of the linter's contract on imports in pyproject.toml, a package each: a template belongs to the
package whose pages it makes, a URL name to that whose urls.py names it.
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"
CONSOLE = "configurator.console"
# The folders of templates that do not bear their package's name.
FOLDERS = {
    "": CONSOLE,
    "accounts": CONSOLE,
    "bootstrap5": CONSOLE,
    "bulk": CONSOLE,
    "console": CONSOLE,
    "generic": CONSOLE,
    "acknowledgements": "health",
    "alarms": "health",
    "findings": "health",
}
TAG = re.compile(r"""\{%-?\s*(load|include|extends|url)\s+(.*?)-?%\}""", re.DOTALL)
QUOTED = re.compile(r"""^["']([^"']+)["']""")


def _floors() -> dict[str, int]:
    """Return the number of each floor, the ground's the lowest; packages on one floor share it."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(found["layers"] for found in contracts if found["name"] == "imports only go down the floors")
    found: dict[str, int] = {}
    for number, layer in enumerate(reversed(layers)):
        for name in layer.replace("|", ":").split(":"):
            found[package_of(name.strip())] = number
    return found


def package_of(module: str) -> str:
    """Return the package of the module that is a floor: of the foundation each part is one."""
    parts = module.split(".")
    return ".".join(parts[: 2 if parts[0] == "configurator" else 1])


FLOORS = _floors()


@dataclass(frozen=True)
class Reference:
    """A name of something of ours in a template, or in a string of a module: its place and what it names."""

    place: str
    line: int
    package: str
    name: str
    named: str

    @property
    def goes_up(self) -> bool:
        """Whether it names something of a floor above its own."""
        return FLOORS[self.named] > FLOORS[self.package]

    def __str__(self) -> str:
        """Say its place and what it names."""
        return f"{self.place}:{self.line} ({self.package}) names {self.name} ({self.named})"


def tag_libraries(root: Path = ROOT) -> dict[str, str]:
    """Return the package of each of our tag libraries."""
    files = [path for package in {name.partition(".")[0] for name in FLOORS} for path in (root / package).rglob("*.py")]
    return {
        path.stem: package_of(".".join(path.relative_to(root).parts[:-2]))
        for path in files
        if path.parent.name == "templatetags" and path.stem != "__init__"
    }


def package_of_label(label: str) -> str:
    """Return the package of the app of that label, which its URLs have as their namespace."""
    return package_of(apps.get_app_config(label).name) if label in apps.app_configs else label


def package_of_template(name: str) -> str | None:
    """Return the package of a template of ours, None for one of a library."""
    folder = name.rpartition("/")[0].partition("/")[0]
    package = FOLDERS.get(folder, folder)
    return package if package in FLOORS else None


def package_of_name(text: str) -> str | None:
    """Return the package of a URL name, an app's model, a dotted path or a template; None for any other text."""
    if text.endswith((".html", ".txt")):
        return package_of_template(text)
    if match := re.fullmatch(r"(\w+)(:[a-z_]+|\.[A-Z]\w+)", text):
        found = package_of_label(match[1])
    elif re.fullmatch(r"\w+(\.\w+)+", text):
        found = package_of(text)
    else:
        return None
    return found if found in FLOORS else None


def references_of_template(path: Path, templates: Path = TEMPLATES) -> Iterator[Reference]:
    """Yield what the template loads, includes, extends and links to of ours."""
    name, text = path.relative_to(templates).as_posix(), path.read_text(encoding="utf-8")
    package, libraries = package_of_template(name), tag_libraries()
    assert package, f"templates/{name} belongs to no floor: name its folder in FOLDERS of tests/floors.py"
    for tag in TAG.finditer(text):
        line = text.count("\n", 0, tag.start()) + 1
        if tag[1] == "load":
            found = [(word, libraries.get(word)) for word in tag[2].split()]
        else:
            quoted = QUOTED.match(tag[2])
            found = [(quoted[1], package_of_name(quoted[1]))] if quoted else []
        yield from (Reference(f"templates/{name}", line, package, word, named) for word, named in found if named)


def references_of_module(path: Path, root: Path = ROOT) -> Iterator[Reference]:
    """Yield the names of ours in the module's strings; none for a module of the roof, which is on no floor."""
    name = path.relative_to(root).as_posix()
    package = package_of(name.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
    if package not in FLOORS:
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and (named := package_of_name(node.value)):
            yield Reference(name, node.lineno, package, node.value, named)


def modules() -> Iterator[Path]:
    """Yield every module of the product but for migrations, which name what there was then."""
    for package in sorted({name.partition(".")[0] for name in FLOORS}):
        yield from (path for path in sorted((ROOT / package).rglob("*.py")) if "migrations" not in path.parts)
