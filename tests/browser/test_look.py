"""Every page, light and dark, for administrators and Support: axe-core finds nothing, and nothing scrolls sideways."""

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from mailsettings.models import IncomingServer
from tests.browser.conftest import Open
from tests.browser.furniture import Furniture

pytestmark = pytest.mark.browser
EMPTY = (
    "/",
    "/e-mail-settings/incoming/",
    "/e-mail-settings/outgoing/",
    "/queues/",
    "/token-checks/",
    "/token-checks/checks/",
    "/findings/",
)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
# WCAG 2.2 asks for targets of 24 px; axe knows the rule but leaves it off.
OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
# Of all rules of axe, these alone look at colours: in the second scheme, the others would find the same again.
OF_COLOUR = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}


def go(page: Page, name: str, path: str) -> None:
    """Open the page and make sure that it is what it should be."""
    answer = page.goto(path)
    assert answer, path
    assert answer.status == (404 if name == "not-found" else 200), path


def violations(page: Page, name: str) -> list[str]:
    """Return what axe-core finds on the page as it stands, light and dark."""
    found = []
    for scheme, options in zip(SCHEMES, (OPTIONS, OF_COLOUR), strict=True):
        page.emulate_media(color_scheme=scheme)
        for rule in Axe().run(page, options=options).response["violations"]:
            nodes = "; ".join(str(node["target"]) for node in rule["nodes"][:3])
            found.append(f"{name}, {scheme}: {rule['id']}: {rule['help']}: {nodes}")
    return found


@pytest.mark.parametrize("username", ["superuser", "support"])
def test_axe_finds_nothing_on_any_page(furniture: Furniture, open_as: Open, username: str) -> None:
    """The pages that both see."""
    page = open_as(username)
    found = []
    for name, path in furniture.pages.items():
        go(page, name, path)
        found += violations(page, name)
    assert found == []


def test_axe_finds_nothing_on_any_form(furniture: Furniture, open_as: Open) -> None:
    """The pages on which something is entered."""
    page = open_as("superuser")
    found = []
    for name, path in furniture.forms.items():
        go(page, name, path)
        found += violations(page, name)
    assert found == []


def test_axe_finds_nothing_before_the_open_as(furniture: Furniture, open_as: Open) -> None:
    """The sign-in page, also after a wrong password."""
    page = open_as("")
    page.goto("/")
    found = violations(page, "sign-in")
    page.get_by_label("Username").fill("nobody")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    assert found + violations(page, "sign-in refused") == []


def test_axe_finds_nothing_after_a_failed_save(furniture: Furniture, open_as: Open) -> None:
    """Forms with messages, and two versions side by side; the summary has the focus and leads to the field."""
    page = open_as("admin")
    page.goto("/e-mail-settings/incoming/new/")
    page.get_by_label("Address", exact=False).first.fill("https://login.microsoftonline.com/common")
    page.get_by_role("button", name="Save", exact=True).click()
    found = violations(page, "incoming refused")
    page.locator(".error-summary:focus").get_by_role("link", name="Name").click()
    assert page.evaluate("document.activeElement.id") == "id_name"

    page.goto(f"{furniture.queue.get_absolute_url()}?address=new")
    page.get_by_role("button", name="Save address").click()
    page.locator(".address-form .error-summary").wait_for()
    found += violations(page, "address refused")

    page.goto(furniture.personal.get_absolute_url())
    IncomingServer.objects.filter(pk=furniture.personal.pk).update(version=7, name="Theirs", changed_by="somebody")
    page.get_by_label("Name").fill("Mine")
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator(".conflict").wait_for()
    assert found + violations(page, "conflict") == []


def test_axe_finds_nothing_in_the_dialogs(furniture: Furniture, open_as: Open) -> None:
    """The list of keys, and the search window with its result."""
    page = open_as("admin")
    page.goto("/queues/")
    page.keyboard.press("?")
    page.locator("#keys[open]").wait_for()
    found = violations(page, "keys")
    page.goto(f"{furniture.queue.get_absolute_url()}?address=new")
    page.get_by_role("button", name="Choose E-Mail Server").click()
    page.locator("[data-pick]").first.wait_for()
    assert found + violations(page, "search window") == []


def test_axe_finds_nothing_on_an_empty_console(transactional_db: None, open_as: Open) -> None:
    """A console in which nothing is set up yet says what to do next, and to Support that there is nothing to do."""
    found = []
    for username in ("admin", "support"):
        page = open_as(username)
        for path in EMPTY:
            page.goto(path)
            found += violations(page, f"empty {path} for {username}")
    assert found == []


@pytest.mark.parametrize("width", [400, 320])
def test_no_page_scrolls_sideways(furniture: Furniture, open_as: Open, width: int) -> None:
    """On a telephone, and at 400 % zoom of a wide screen."""
    page = open_as("superuser")
    page.set_viewport_size({"width": width, "height": 800})
    wide = {}
    for name, path in (furniture.pages | furniture.forms).items():
        go(page, name, path)
        needed = page.evaluate("document.documentElement.scrollWidth")
        if needed > width:
            wide[name] = needed
    assert wide == {}


def test_the_chosen_theme_wins_over_the_system(furniture: Furniture, open_as: Open) -> None:
    """Dark stays dark on a light system, and Auto gives the choice back."""
    page = open_as("admin")
    page.goto("/")
    colour = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(colour)
    page.get_by_role("button", name="Dark").click()
    dark = page.evaluate(colour)
    assert dark != light
    assert violations(page, "dark by choice") == []
    page.emulate_media(color_scheme="light")
    page.get_by_role("button", name="Auto").click()
    assert page.evaluate(colour) == light
