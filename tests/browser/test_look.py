"""Every page, light and dark: no rule of axe-core is broken and nothing scrolls sideways, for administrators and Support."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from mailsettings.models import IncomingServer
from tests.browser.furniture import Furniture, furnish
from tests.people import As

pytestmark = pytest.mark.browser
# WCAG 2.2 asks for targets of 24 px; axe knows the rule but leaves it off.
OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 400, "height": 800}
Open = Callable[[str], Page]


@pytest.fixture
def furniture(transactional_db: None) -> Furniture:
    """Return something for every page to show."""
    return furnish()


@pytest.fixture
def sign_in(browser: Browser, live_server: LiveServer, signed_in: As) -> Iterator[Open]:
    """Return a function that opens a browser page as a user; "" stands for nobody."""
    contexts = []

    def open_as(username: str) -> Page:
        context = browser.new_context(base_url=live_server.url, viewport=WIDE, reduced_motion="reduce")
        contexts.append(context)
        if username:
            session = signed_in(username).cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        return context.new_page()

    yield open_as
    for context in contexts:
        context.close()


def violations(page: Page, name: str) -> list[str]:
    """Return what axe-core finds on the page as it stands, light and dark."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  two of its literals
        for rule in Axe().run(page, options=OPTIONS).response["violations"]:
            nodes = "; ".join(str(node["target"]) for node in rule["nodes"][:3])
            found.append(f"{name}, {scheme}: {rule['id']}: {rule['help']}: {nodes}")
    return found


@pytest.mark.parametrize("username", ["superuser", "support"])
def test_axe_finds_nothing_on_any_page(furniture: Furniture, sign_in: Open, username: str) -> None:
    """The pages that both see."""
    page = sign_in(username)
    found = []
    for name, path in furniture.pages.items():
        page.goto(path)
        found += violations(page, name)
    assert found == []


def test_axe_finds_nothing_on_any_form(furniture: Furniture, sign_in: Open) -> None:
    """The pages on which something is entered."""
    page = sign_in("superuser")
    found = []
    for name, path in furniture.forms.items():
        page.goto(path)
        found += violations(page, name)
    assert found == []


def test_axe_finds_nothing_before_the_sign_in(furniture: Furniture, sign_in: Open) -> None:
    """The sign-in page, also after a wrong password."""
    page = sign_in("")
    page.goto("/")
    found = violations(page, "sign-in")
    page.get_by_label("Username").fill("nobody")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    assert found + violations(page, "sign-in refused") == []


def test_axe_finds_nothing_after_a_failed_save(furniture: Furniture, sign_in: Open) -> None:
    """Forms with messages, and two versions side by side; the summary has the focus and leads to the field."""
    page = sign_in("admin")
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


def test_axe_finds_nothing_in_the_dialogs(furniture: Furniture, sign_in: Open) -> None:
    """The list of keys, and the search window with its result."""
    page = sign_in("admin")
    page.goto("/queues/")
    page.keyboard.press("?")
    page.locator("#keys[open]").wait_for()
    found = violations(page, "keys")
    page.goto(f"{furniture.queue.get_absolute_url()}?address=new")
    page.get_by_role("button", name="Choose E-Mail Server").click()
    page.locator("[data-pick]").first.wait_for()
    assert found + violations(page, "search window") == []


def test_axe_finds_nothing_on_an_empty_console(transactional_db: None, sign_in: Open) -> None:
    """A console in which nothing is set up yet says what to do next, and to Support that there is nothing to do."""
    found = []
    for username in ("admin", "support"):
        page = sign_in(username)
        for path in ("/", "/e-mail-settings/incoming/", "/e-mail-settings/outgoing/", "/queues/", "/token-checks/"):
            page.goto(path)
            found += violations(page, f"empty {path} for {username}")
    assert found == []


@pytest.mark.parametrize("width", [400, 320])
def test_no_page_scrolls_sideways(furniture: Furniture, sign_in: Open, width: int) -> None:
    """On a telephone, and at 400 % zoom of a wide screen."""
    page = sign_in("superuser")
    page.set_viewport_size(NARROW | {"width": width})
    wide = {}
    for name, path in (furniture.pages | furniture.forms).items():
        page.goto(path)
        needed = page.evaluate("document.documentElement.scrollWidth")
        if needed > width:
            wide[name] = needed
    assert wide == {}


def test_the_chosen_theme_wins_over_the_system(furniture: Furniture, sign_in: Open) -> None:
    """Dark stays dark on a light system, and Auto gives the choice back."""
    page = sign_in("admin")
    page.goto("/")
    colour = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(colour)
    page.get_by_role("button", name="Dark").click()
    dark = page.evaluate(colour)
    assert dark != light
    assert [line for line in violations(page, "dark by choice")] == []
    page.emulate_media(color_scheme="light")
    page.get_by_role("button", name="Auto").click()
    assert page.evaluate(colour) == light
