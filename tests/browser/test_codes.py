"""Error Codes in a browser: an error is pasted and explained, with scripts and without."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.furniture import Furniture

PASTED = "2026-11-24 ERROR AADSTS50126: Error validating credentials due to invalid username or password."
pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("scripts", "kept", "listed"), [("on", PASTED, 50), ("off", "", 0)])
def test_what_is_pasted_is_explained_on_the_page(
    furniture: Furniture, open_as: Open, scripts: str, kept: str, listed: int
) -> None:
    """With scripts the page and the text stay; without them a page comes that does not repeat the text."""
    page = open_as("support", scripts=scripts == "on")
    page.goto("/token-checks/codes/")
    field = page.get_by_label("Paste any error text or JSON")
    field.fill(PASTED)
    page.get_by_role("button", name="Explain").click()
    expect(page.locator("#explanation")).to_contain_text("The account or its password is wrong")
    expect(page.locator("#explanation")).to_contain_text("AADSTS50126")
    expect(field).to_have_value(kept)
    expect(page.locator(".code-row")).to_have_count(listed)


def test_a_row_opens_to_its_causes(furniture: Furniture, open_as: Open) -> None:
    """The search follows the typing; a row opens by keyboard and leads to Entra."""
    page = open_as("support")
    page.goto("/token-checks/codes/")
    page.get_by_label("Search").fill("7000222 keys")
    expect(page.get_by_text("Nothing matches this search.")).to_be_visible()
    page.get_by_label("Search").fill("aadsts70002")
    row = page.locator(".code-row").filter(has_text="AADSTS7000222")
    row.locator("summary").press("Enter")
    link = row.get_by_role("link", name="Certificates & secrets").first
    expect(link).to_be_visible()
    expect(link).to_have_attribute(
        "href", "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade"
    )
