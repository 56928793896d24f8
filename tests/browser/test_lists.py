"""A list as it is lived in: searched as one types, its columns chosen, a view of it kept, with scripts and without."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.furniture import Furniture

pytestmark = pytest.mark.browser


def heads(page: Page) -> list[str]:
    """Return the headings of the table."""
    return [text.strip() for text in page.locator("th").all_inner_texts()]


def whole(page: Page) -> None:
    """See to it that the open menu is on the page as a whole, and that axe-core finds nothing."""
    box, view = page.locator("details[open] .menu-box").bounding_box(), page.viewport_size
    assert box
    assert view
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= view["width"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]


def test_a_list_is_searched_as_one_types_and_says_how_many_rows_were_found(furniture: Furniture, open_as: Open) -> None:
    page = open_as("support")
    page.goto("/token-checks/addresses/?sort=-address")
    page.get_by_label("Search").press_sequentially("JONAS")

    expect(page.locator("#announce")).to_have_text("1 row found")
    expect(page.locator("tr[data-href]")).to_have_count(1)
    assert re.search(r"q=JONAS", page.url)
    assert "sort=-address" in page.url
    expect(page.get_by_label("Search")).to_be_focused()


@pytest.mark.parametrize(("width", "scripts"), [(1280, False), (400, True)])
def test_columns_are_chosen_and_a_view_is_kept(
    furniture: Furniture,
    open_as: Open,
    width: int,
    scripts: bool,  # noqa: FBT001  a parameter
) -> None:
    page = open_as("admin", scripts=scripts)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/token-checks/addresses/?q=example")
    page.get_by_text("Columns", exact=True).first.click()
    if scripts:
        whole(page)
    menu = page.locator("details[open] .menu-box")
    for label in ("Cause", "Checked"):
        menu.get_by_label(label, exact=True).uncheck()
    menu.get_by_label("Sender").check()
    page.get_by_role("button", name="Apply").click()
    page.wait_for_load_state()
    assert "Cause" not in heads(page)
    assert "Sender" in heads(page)

    page.get_by_text("Views", exact=True).click()
    if scripts:
        whole(page)
    page.get_by_label("Name", exact=True).fill("With a sender")
    page.get_by_label("Share it").check()
    page.get_by_role("button", name="Keep as a view").click()
    expect(page.get_by_role("navigation", name="Saved views").get_by_role("link", name="With a sender")).to_be_visible()
    page.goto("/token-checks/addresses/?columns=status,address")
    page.get_by_role("link", name="With a sender").click()
    assert "Sender" in heads(page)
    page.get_by_text("Views", exact=True).click()
    page.get_by_role("button", name="Remove With a sender").click()
    expect(page.get_by_role("navigation", name="Saved views")).to_have_count(0)
