"""docs/architecture.svg: the floors, from the contracts in pyproject.toml, and the way of the main job through them.

``python -m tests.architecture`` writes the drawing; tests/test_papers.py fails while it is out of date.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Final

from tests.source import ROOT

PAPER: Final = ROOT / "docs" / "architecture.svg"
WIDTH, MARGIN, TOP = 1000, 20, 70
FLOOR_WIDTH, PATH_LEFT = 470, 530
ROW, ROOMS, GAP = 30, 22, 6  # the height of a floor, what its rooms add to it, and the space between two
STEP, STEP_HEIGHT = 34, 62
ROOM_CONTRACTS: Final = {
    "configurator.console": "inside the console imports go down too",
    "tokenchecks": "inside the token checks imports go down too",
}
OF_AN_APP: Final = {
    "apps", "audited", "listeners", "management", "models", "panels", "querysets", "tasks", "templatetags", "urls",
}  # fmt: skip
STYLE: Final = """
  svg { background: #fff; font: 13px system-ui, sans-serif; fill: #1b1f24 }
  .floor { fill: #eef2f7; stroke: #8a97a8 } .step { fill: #0b5cad } .number { fill: #fff; font-weight: 600 }
  .arrow { stroke: #0b5cad; stroke-width: 2; fill: none } .name { font-weight: 600 } .small { font-size: 11px }
  .title { font-size: 15px; font-weight: 600 }
"""


@dataclass(frozen=True)
class Step:
    """A part of the way: what happens, and the file in which it does."""

    name: str
    what: str
    file: str


WAY: Final = (
    Step("Form", "binds and cleans what was typed", "mailsettings/forms/incoming.py"),
    Step("Service", "one transaction: row, audit event, check run", "mailsettings/services.py"),
    Step("Doorbell", "after the commit, tells a worker by Valkey", "configurator/jobs/doorbell.py"),
    Step("Worker", "claims the run, checks stage by stage", "tokenchecks/worker/check.py"),
    Step("Result", "stored with status, watch and history", "tokenchecks/worker/close.py"),
    Step("Page", "requests the run until it ends, and shows it", "tokenchecks/screens/panel.py"),
)


def contracts() -> dict[str, list[str]]:
    """Return the layers of each contract that has some, the highest first, by its name."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    found = tomllib.loads(text)["tool"]["importlinter"]["contracts"]
    return {contract["name"]: contract["layers"] for contract in found if "layers" in contract}


def floors() -> Iterator[tuple[str, str]]:
    """Yield each floor, the highest first, and its rooms, where a contract of its own orders them."""
    layers = contracts()
    rooms: dict[str, list[str]] = {}
    for layer in layers["imports only go down the floors"]:
        package = layer.partition(" ")[0].partition(".")[0]
        if package in ("configurator", "tokenchecks"):
            rooms[layer] = layers.get(ROOM_CONTRACTS.get(layer, ""), [])
        elif package not in rooms:
            rooms[package] = [layer] if "." in layer else []
        else:
            rooms[package].append(layer)
    for floor, inside in rooms.items():
        yield floor, "  ›  ".join(filter(None, (_rooms(floor, layer) for layer in inside)))


def _rooms(floor: str, layer: str) -> str:
    """Return the rooms of a layer, without what Django looks for in each app."""
    names = [part.removeprefix(f"{floor}.") for part in layer.replace(":", "|").replace("|", " ").split()]
    return ", ".join(name for name in names if name not in OF_AN_APP)


def _folders(floor: str) -> str:
    """Return the folders and files of a floor; after the first, those in the same place without it."""
    first, *others = floor.replace(".", "/").split(" | ")
    return ", ".join([first, *(other.removeprefix(f"{first.partition('/')[0]}/") for other in others)])


def paper() -> str:
    """Return the drawing; AssertionError where a file of the way is not there."""
    body, bottom = [], TOP
    for floor, rooms in floors():
        height = ROW + (ROOMS if rooms else 0)
        body.append(f'<rect class="floor" x="{MARGIN}" y="{bottom}" width="{FLOOR_WIDTH}" height="{height}" rx="4"/>')
        body.append(_text(MARGIN + 12, bottom + 20, _folders(floor), "name"))
        if rooms:
            body.append(_text(MARGIN + 12, bottom + 40, rooms, "small"))
        bottom += height + GAP
    for place, step in enumerate(WAY):
        body += _drawn(place, step)
    bottom = max(bottom, TOP + STEP_HEIGHT * len(WAY) + 20) + MARGIN
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {bottom}" role="img" '
        'aria-labelledby="title">\n<title id="title">The floors of the code, and the way of a saved server through '
        f"them</title>\n<style>{STYLE}</style>"
    )
    titles = [
        _text(MARGIN, 32, "The floors: an import goes down only", "title"),
        _text(MARGIN, 52, "rooms of a floor: the highest first", "small"),
        _text(PATH_LEFT, 32, "The way of a saved server", "title"),
    ]
    return "\n".join([head, *titles, *body, "</svg>"]) + "\n"


def _drawn(place: int, step: Step) -> Iterator[str]:
    """Yield a step of the way, and the arrow that leads to it from the one before."""
    assert (ROOT / step.file).is_file(), f"{step.file} is gone: name in WAY in tests/architecture.py where it is now"
    middle = TOP + STEP // 2 + place * STEP_HEIGHT
    if place:
        yield f'<path class="arrow" d="M{PATH_LEFT + 17} {middle - STEP_HEIGHT + 18}V{middle - 20}m-5-6 5 6 5-6"/>'
    yield f'<circle class="step" cx="{PATH_LEFT + 17}" cy="{middle}" r="17"/>'
    yield f'<text class="number" x="{PATH_LEFT + 17}" y="{middle + 5}" text-anchor="middle">{place + 1}</text>'
    yield _text(PATH_LEFT + 46, middle - 4, f"{step.name}: {step.what}")
    yield _text(PATH_LEFT + 46, middle + 13, step.file, "small")


def _text(left: int, base: int, text: str, kind: str = "") -> str:
    """Return a line of text."""
    styled = f' class="{kind}"' if kind else ""
    return f'<text{styled} x="{left}" y="{base}">{escape(text)}</text>'


def main() -> None:
    """Write the drawing."""
    PAPER.write_text(paper(), encoding="utf-8")


if __name__ == "__main__":
    main()
