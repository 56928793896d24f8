"""A client secret is rotated by keyboard: entered, switched to, rolled back from, wiped; and without scripts too."""

import re

import pytest
from playwright.sync_api import Page, expect

from demo.seed import first_steps
from demo.server import DemoTenant
from tests.browser.conftest import Open
from tests.browser.keyboard import Keyboard
from tests.browser.test_look import violations
from tests.mailsettings.slots import FIRST, KINDS, SECOND, again, day, server_of, texts, with_next
from tests.people import incoming, outgoing
from tests.worker import WorkerProcess

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
every_kind = pytest.mark.parametrize("kind", KINDS)


def press(keyboard: Keyboard, name: str) -> None:
    """Reach what opens or sends a part of the block, and press Enter."""
    keyboard.reach(name)
    keyboard.press("Enter")


def look(page: Page, name: str) -> list[str]:
    """Return what axe-core finds with the page at its top, where no bar lies over a field."""
    page.evaluate("scrollTo(0, 0)")
    return violations(page, name)


@every_kind
def test_an_administrator_rotates_a_secret_by_keyboard(open_as: Open, kind: str) -> None:
    """Next, switch, roll back, switch again, wipe: axe-core finds nothing on the way."""
    server = server_of(kind)
    page = open_as("admin")
    keyboard = Keyboard(page)
    page.goto(server.get_absolute_url())
    block = page.locator("#secret-rotation")

    press(keyboard, "Enter next secret")
    found = look(page, "form of the next secret")
    keyboard.type("Next secret required", FIRST)
    press(keyboard, "Store next secret")
    expect(block.locator(".error-summary")).to_be_focused()
    expect(block).to_contain_text("This is the secret already in use")
    found += look(page, "next secret refused")
    keyboard.type("Next secret required", SECOND)
    keyboard.type("Next secret expires on", day(90).strftime("%m%d%Y"))
    press(keyboard, "Store next secret")
    expect(page.locator("#messages")).to_contain_text("The next secret is stored.")
    expect(block.get_by_role("heading", name="Secret rotation")).to_be_focused()
    assert texts(server) == (FIRST, SECOND, "")

    keyboard.tick("Switch although the next secret was not tested")
    keyboard.follow("Switch to next")
    expect(page.locator("#messages")).to_contain_text("The next secret is in use now")
    assert texts(server) == (SECOND, "", FIRST)
    found += look(page, "switched")

    keyboard.follow("Roll back")
    expect(page.locator("#messages")).to_contain_text("The previous secret is in use again")
    assert texts(server) == (FIRST, SECOND, "")

    keyboard.tick("Switch although the next secret was not tested")
    keyboard.follow("Switch to next")
    press(keyboard, "Wipe now")
    found += look(page, "wipe")
    press(keyboard, "Wipe it now")
    expect(page.locator("#messages")).to_contain_text("The previous secret was wiped")
    assert texts(server) == (SECOND, "", "")
    assert found == []


def test_unsaved_fields_stay_and_can_be_saved_after_the_next_secret_was_entered(open_as: Open) -> None:
    """The block alone is exchanged, and the page knows the new version."""
    server = server_of("incoming")
    page = open_as("admin")
    page.goto(server.get_absolute_url())
    page.get_by_label("Name").fill("Not saved yet")
    page.get_by_text("Enter next secret").click()
    page.locator("#id_slot_next_secret").fill(SECOND)
    page.get_by_role("button", name="Store next secret").click()
    expect(page.locator("#messages")).to_contain_text("The next secret is stored.")
    expect(page.get_by_label("Name")).to_have_value("Not saved yet")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#messages")).to_contain_text("The server was saved")
    assert str(again(server)) == "Not saved yet"
    assert texts(server) == (FIRST, SECOND, "")


def test_the_confirmation_shows_when_the_secrets_would_go_elsewhere(open_as: Open) -> None:
    """A change of the Client ID brings the tick, and undoing it takes the tick away."""
    server = with_next(server_of("incoming"))
    page = open_as("admin")
    page.goto(server.get_absolute_url())
    confirm, client = page.locator("#id_confirm_wipe"), page.get_by_label("Client ID")
    before = client.input_value()
    expect(confirm).to_be_hidden()
    client.fill("1b671a64-40d5-491e-99b0-da01ff1f3341")
    expect(confirm).to_be_visible()
    client.fill(before)
    expect(confirm).to_be_hidden()


def test_the_second_of_two_administrators_sees_what_the_first_did(open_as: Open) -> None:
    """Both have the page open; the second switch does nothing and says so."""
    server = with_next(server_of("outgoing"))
    first, second = open_as("admin"), open_as("superuser")
    for page in (first, second):
        page.goto(server.get_absolute_url())
        page.get_by_label("Switch although the next secret was not tested").check()

    first.get_by_role("button", name="Switch to next").click()
    expect(first.locator("#messages")).to_contain_text("The next secret is in use now")
    second.get_by_role("button", name="Switch to next").click()

    expect(second.locator("#secret-rotation .error-summary")).to_contain_text("admin changed this server meanwhile")
    assert look(second, "stale") == []
    assert texts(server) == (SECOND, "", FIRST)


@every_kind
def test_everything_works_without_scripts(open_as: Open, kind: str) -> None:
    """Plain forms and disclosures do it all."""
    server = server_of(kind)
    page = open_as("admin", scripts=False)
    page.goto(server.get_absolute_url())
    page.get_by_text("Enter next secret").click()
    page.locator("#id_slot_next_secret").fill(SECOND)
    page.get_by_role("button", name="Store next secret").click()
    page.get_by_label("Switch although the next secret was not tested").check()
    page.get_by_role("button", name="Switch to next").click()
    page.get_by_role("button", name="Roll back").click()
    page.get_by_text("Discard next").click()
    page.get_by_role("button", name="Discard it now").click()
    expect(page.locator("#messages")).to_contain_text(re.compile("The next secret was wiped"))
    assert texts(server) == (FIRST, "", "")


@pytest.mark.parametrize("width", [1280, 400])
def test_the_block_fits(open_as: Open, width: int) -> None:
    """Three slots side by side, or one below the other on a telephone, with nothing cut off."""
    server = with_next(server_of("incoming"), expires_on=day(20))
    page = open_as("admin")
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(server.get_absolute_url())
    tops = {round(item["y"]) for item in (slot.bounding_box() for slot in page.locator(".slot").all()) if item}
    assert len(tops) == (1 if width > 1000 else 3)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@every_kind
def test_the_result_of_a_test_takes_the_width_of_the_block_and_leads_to_its_field(
    worker: WorkerProcess, tenant: DemoTenant, open_as: Open, kind: str
) -> None:
    """Whatever Microsoft said of the secret can be read, and mended where the next secret is entered."""
    steps = first_steps(tenant.world)
    place = {"tenant_id": steps["tenant"], "client_id": steps["client_id"]}
    if kind == "outgoing":
        place = {"tenant": steps["tenant"], "server_user": steps["outgoing_client_id"]}
    server = with_next(
        incoming(secret=FIRST, **place) if kind == "incoming" else outgoing(secret=FIRST, **place), SECOND
    )
    page = open_as("admin")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(server.get_absolute_url())
    page.get_by_role("button", name="Test next").click()
    result = page.locator("#next-trial .check-panel")
    expect(result.locator(".panel-head .status")).to_contain_text("Broken")

    expect(page.locator("#next-tested")).to_contain_text("Refused")
    expect(page.get_by_label("Switch although Microsoft refused the next secret")).to_be_visible()
    shown, slots = result.bounding_box(), page.locator(".slots").bounding_box()
    assert shown
    assert slots
    assert round(shown["width"]) == round(slots["width"])
    found = look(page, "next secret refused")
    result.get_by_role("link", name="go to field").click()
    expect(page.locator("#id_slot_next_secret")).to_be_focused()
    found += look(page, "another next secret")
    page.set_viewport_size({"width": 400, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    assert found == []
