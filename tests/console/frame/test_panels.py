"""What apps show on the pages of the floors beneath them."""

import re
from collections.abc import Iterator

import pytest
from django.template import Context, Template

from configurator.console.frame import panels
from configurator.console.frame.panels import Panel, Shown, panel
from tests.floors import TEMPLATES

TAG = re.compile(r"""\{% panels "([^"]+)\"""")


@pytest.fixture
def own_panels() -> Iterator[None]:
    """Take away what a test registers."""
    before = list(panels.registered)
    yield
    panels.registered[:] = before


def test_every_slot_is_filled_and_every_panel_has_a_slot() -> None:
    named = {name for path in TEMPLATES.rglob("*.html") for name in TAG.findall(path.read_text(encoding="utf-8"))}
    assert named == {found.slot for found in panels.registered}


def test_panels_of_a_slot_have_places_of_their_own() -> None:
    places = [(found.slot, found.place) for found in panels.registered]
    assert len(set(places)) == len(places)


@pytest.mark.usefixtures("own_panels")
def test_panels_come_in_the_order_of_their_places_without_those_that_show_nothing() -> None:
    @panel("test.slot", 20, "console/lists/values.html")
    def second(_context: Context, item: str, *, number: int = 0) -> Shown:
        return {"words": [(item, number)]}

    @panel("test.slot", 10, "console/lists/values.html")
    def first(context: Context, item: str, *, number: int = 0) -> Shown:
        return {"words": [("<b>", context["own"])]}

    panels.registered.append(Panel("test.slot", 30, "console/lists/values.html", lambda *_args, **_named: None))
    page = Template('{% load console %}[{% panels "test.slot" "item" number=3 %}]')

    assert page.render(Context({"own": "page"})) == (
        '[<div class="change"><b>&lt;b&gt;</b> page</div>\n<div class="change"><b>item</b> 3</div>]'
    )


def test_a_slot_without_panels_shows_nothing() -> None:
    assert Template('{% load console %}[{% panels "test.none" %}]').render(Context()) == "[]"
