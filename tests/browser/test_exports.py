"""The menu Export: by keyboard, without scripts, on a telephone, and with the filters as they are."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.furniture import Furniture
from tests.browser.test_look import violations

pytestmark = pytest.mark.browser


def opened(page: Page) -> Page:
    """Open the menu by keyboard."""
    page.locator(".export > summary").first.press("Enter")
    expect(page.locator(".export-menu").first).to_be_visible()
    return page


@pytest.mark.parametrize("scripts", [True, False])
def test_a_list_is_taken_away_by_keyboard(furniture: Furniture, open_as: Open, scripts: bool) -> None:  # noqa: FBT001  a parameter
    page = open_as("support", scripts=scripts)
    page.goto("/e-mail-settings/incoming/?q=mailboxes")
    opened(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").press("Enter")
    path = Path(download.value.path())

    assert download.value.suggested_filename.startswith("incoming-mail-servers-")
    text = path.read_text(encoding="utf-8-sig")
    assert "Personal mailboxes" in text
    assert "Vertrieb" not in text


def test_the_links_follow_the_search_as_it_is_typed(furniture: Furniture, open_as: Open) -> None:
    page = open_as("support")
    page.goto("/queues/")
    page.get_by_role("searchbox").press_sequentially("Key")
    expect(page.locator(".export a", has_text="JSON").first).to_have_attribute("href", "?q=Key&format=json")


@pytest.mark.parametrize("width", [1280, 400, 320])
def test_an_open_menu_is_whole_and_axe_finds_nothing(furniture: Furniture, open_as: Open, width: int) -> None:
    page = open_as("support")
    page.set_viewport_size({"width": width, "height": 800})
    found = []
    for path in ("/queues/", "/token-checks/", furniture.queue.get_absolute_url()):
        page.goto(path)
        opened(page)
        found += violations(page, path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        box = page.locator(".export-menu").first.bounding_box()
        assert box
        assert box["x"] >= 0, path
    assert found == []
