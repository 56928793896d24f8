"""The floors of the house, and which of them a template, a module or a name in a string belongs to.

The floors are those of the linter's contract on imports in pyproject.toml, a package each: a template belongs to the
package whose pages it makes, a URL name to that whose urls.py names it.
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
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
    "bulk": f"{CONSOLE}.bulk",
    "acknowledgements": "health",
    "alarms": "health",
    "findings": "health",
}
TAG = re.compile(r"""\{%-?\s*(load|include|extends|url)\s+(.*?)-?%\}""", re.DOTALL)
QUOTED = re.compile(r"""^["']([^"']+)["']""")


def _layers(contract: str) -> dict[str, int]:
    """Return the number of each layer of the contract on imports, the ground's the lowest; some share theirs."""
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    layers = next(found["layers"] for found in linter["contracts"] if found["name"] == contract)
    return {
        name.strip(): number
        for number, layer in enumerate(reversed(layers))
        for name in layer.replace("|", ":").split(":")
    }


def package_of(module: str) -> str:
    """Return the package of the module that is a floor: a part of the foundation, or a room of the console."""
    parts = module.split(".")
    room = ".".join(parts[:3])
    return room if room in ROOMS else ".".join(parts[: 2 if parts[0] == "configurator" else 1])


# The rooms of the console: what is on its root is above or below them all, and compared with none.
ROOMS = {
    f"{CONSOLE}.{name}": number
    for name, number in _layers("inside the console imports go down too").items()
    if (ROOT / CONSOLE.replace(".", "/") / name).is_dir() and name != "templatetags"
}
FLOORS = {package_of(name): number for name, number in _layers("imports only go down the floors").items()}
FLOORS |= dict.fromkeys(ROOMS, FLOORS[CONSOLE])


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
        """Whether it names something of a floor above its own, or of a room above its own."""
        within = self.named in ROOMS and self.package in ROOMS and ROOMS[self.named] > ROOMS[self.package]
        return within or FLOORS[self.named] > FLOORS[self.package]

    def __str__(self) -> str:
        """Say its place and what it names."""
        return f"{self.place}:{self.line} ({self.package}) names {self.name} ({self.named})"


@cache
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
    folder, *rooms = name.rpartition("/")[0].split("/")
    package = (
        package_of(".".join(["configurator", folder, *rooms])) if folder == "console" else FOLDERS.get(folder, folder)
    )
    return package if package in FLOORS else None


def package_of_name(text: str) -> str | None:
    """Return the package of a URL name, an app's model, a dotted path or a template; None for any other text."""
    if text.endswith(".html") or re.fullmatch(r"[a-z_/]+/\w+\.txt", text):
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
