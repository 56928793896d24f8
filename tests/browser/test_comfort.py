"""What scripts add to the pages, and that nothing is lost without them."""

import re

import pytest
from playwright.sync_api import Page, expect

from queues.models import QueueAddress
from tests.browser.conftest import Open
from tests.browser.furniture import Furniture

pytestmark = pytest.mark.browser


def test_a_field_that_disappears_keeps_what_was_typed_and_is_not_sent(furniture: Furniture, open_as: Open) -> None:
    """Secret goes with OAuth User, comes back with OAuth Service, and holds its text."""
    page = open_as("admin")
    page.goto("/e-mail-settings/incoming/new/")
    secret = page.locator("#id_secret")
    expect(secret).to_be_hidden()
    page.get_by_label("OAuth Service").check()
    secret.fill("typed")
    page.get_by_label("OAuth User").check()
    expect(secret).to_be_hidden()
    expect(secret).to_be_disabled()
    page.get_by_label("OAuth Service").check()
    expect(secret).to_have_value("typed")


def test_an_impact_shows_only_when_something_is_changed_that_has_one(furniture: Furniture, open_as: Open) -> None:
    """The confirmation comes with another type or address and goes with the change."""
    page = open_as("admin")
    page.goto(furniture.broken.get_absolute_url())
    confirm = page.locator("#id_confirm_impact")
    page.get_by_role("textbox", name="Name").fill("Another name")
    expect(confirm).to_be_hidden()
    page.get_by_label("OAuth User").check()
    expect(confirm).to_be_visible()
    page.get_by_label("OAuth Service").check()
    expect(confirm).to_be_hidden()


def test_the_search_window_picks_by_keyboard_and_gives_the_focus_back(furniture: Furniture, open_as: Open) -> None:
    """Arrow keys and Enter pick, Esc closes; the password follows the server's type."""
    page = open_as("admin")
    page.goto(f"{furniture.queue.get_absolute_url()}?address=new")
    edit = page.get_by_role("button", name="Choose E-Mail Server")
    edit.press("Enter")
    expect(page.locator("[data-pick]")).to_have_count(2)
    page.keyboard.press("Escape")
    expect(page.locator("#server-window")).to_be_hidden()
    expect(edit).to_be_focused()
    edit.press("Enter")
    page.keyboard.type("mailb")
    expect(page.locator("[data-pick]")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(".picked output")).to_contain_text("Personal mailboxes – https://login.microsoftonline.com/")
    expect(page.locator("#id_address_password")).to_be_visible()
    expect(edit).to_be_focused()


def test_enter_waits_for_the_answer_to_what_was_typed(furniture: Furniture, open_as: Open) -> None:
    """A fast hand picks what it typed, not the first of the list before."""
    page = open_as("admin")
    page.goto(f"{furniture.queue.get_absolute_url()}?address=new")
    page.get_by_role("button", name="Choose E-Mail Server").press("Enter")
    expect(page.locator("[data-pick]")).to_have_count(2)
    expect(page.locator("[data-pick]").first).not_to_contain_text("Vertrieb")
    page.keyboard.insert_text("vertr")
    page.keyboard.press("Enter")
    expect(page.locator(".picked output")).to_contain_text("Vertrieb")
    expect(page.locator("#server-window")).to_be_hidden()


def test_saving_an_address_leaves_unsaved_queue_fields_alone(furniture: Furniture, open_as: Open) -> None:
    """The block alone is exchanged, and a message on a field of the address too."""
    page = open_as("admin")
    page.goto(furniture.queue.get_absolute_url())
    page.get_by_role("textbox", name="Name").fill("Not saved yet")
    page.get_by_role("link", name=re.compile("Edit box")).click()
    expect(page.locator(".address-form .form-control").first).to_be_focused()
    page.locator("#id_address_priority").fill("0")
    page.get_by_role("button", name="Save address").click()
    expect(page.locator(".address-form .error-summary")).to_be_focused()
    page.locator("#id_address_priority").fill("7")
    page.get_by_role("button", name="Save address").click()
    expect(page.locator("#messages")).to_contain_text("was saved")
    expect(page.locator(".address-form")).to_have_count(0)
    assert QueueAddress.objects.filter(priority=7).count() == 1
    expect(page.get_by_label("Name")).to_have_value("Not saved yet")


def test_rows_open_by_click_and_by_keys(furniture: Furniture, open_as: Open) -> None:
    """A click anywhere in a row; / j k Enter; and no key acts while somebody types."""
    page = open_as("support")
    page.goto("/e-mail-settings/incoming/")
    page.get_by_role("cell", name="OAuth User").click()
    expect(page).to_have_url(re.compile(str(furniture.personal.pk)))
    page.goto("/e-mail-settings/incoming/")
    for key in ("j", "j", "k", "j", "Enter"):
        page.keyboard.press(key)
    expect(page).to_have_url(re.compile(str(furniture.broken.pk)))
    page.goto("/e-mail-settings/incoming/")
    page.keyboard.press("/")
    page.keyboard.type("jk personal")
    expect(page.get_by_role("searchbox")).to_have_value("jk personal")
    expect(page.locator("#results")).to_contain_text("Nothing matches")
    expect(page).to_have_url(re.compile(r"\?q=jk(\+|%20)personal$"))


def test_keys_can_be_switched_off(furniture: Furniture, open_as: Open) -> None:
    """The choice in the list of keys holds on the next page."""
    page = open_as("admin")
    page.goto("/queues/")
    page.keyboard.press("?")
    page.get_by_label("Use these keys").uncheck()
    page.keyboard.press("Escape")
    page.goto("/queues/")
    page.keyboard.press("n")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_hidden()
    expect(page).to_have_url(re.compile("/queues/$"))


def test_a_running_check_fills_in_its_lines(furniture: Furniture, open_as: Open) -> None:
    """The panel of the address shows what ended, what runs and what is to come, and goes on asking."""
    page = open_as("support")
    page.goto(furniture.queue.get_absolute_url())
    lines = page.locator(f"#check-{furniture.address.pk} .stage")
    expect(lines).to_contain_text(["Settings", "Tenant", "Token", "Claims", "Mailbox"])
    expect(lines.nth(0)).to_contain_class("ok")
    expect(lines.nth(1)).to_contain_class("running")
    expect(lines.nth(2)).to_contain_class("ahead")
    with page.expect_response(re.compile("/panel/$")):
        pass


def test_a_panel_ends_asking_when_its_object_is_deleted(furniture: Furniture, open_as: Open) -> None:
    """It says so in its place, and no page asks for what is not there again and again."""
    page = open_as("admin")
    asked: list[int] = []
    page.on("response", lambda answer: asked.append(answer.status) if answer.url.endswith("/panel/") else None)
    page.goto(furniture.queue.get_absolute_url())
    expect(page.locator(f"#check-{furniture.address.pk}")).to_have_count(1)
    QueueAddress.objects.filter(pk=furniture.address.pk).delete()
    expect(page.locator(f"#check-{furniture.address.pk}")).to_have_count(0)
    expect(page.locator("p.check-panel")).to_have_text(re.compile("It is not here any more"))
    expect(page.locator("#announce")).to_have_text(re.compile("It is not here any more"))
    assert asked.count(404) == 1
    page.get_by_role("button", name="Check now").first.press("Enter")
    expect(page.locator(f"#check-{furniture.tried.pk}")).to_have_attribute("data-open", "true")
    assert asked.count(404) == 1


def test_a_remedy_leads_to_its_field(furniture: Furniture, open_as: Open) -> None:
    """The link in the panel puts the focus into the field; Support reads which field it is."""
    page = open_as("admin")
    page.goto(furniture.run.get_absolute_url())
    page.get_by_role("link", name="go to field").click()
    expect(page.locator("#id_secret")).to_be_focused()
    page = open_as("support")
    page.goto(furniture.run.get_absolute_url())
    expect(page.get_by_text("Then here")).to_be_visible()
    expect(page.get_by_role("link", name="go to field")).to_have_count(0)


def test_everything_works_without_scripts(furniture: Furniture, open_as: Open) -> None:
    """An address is added by plain links, a plain select and a plain form."""
    page: Page = open_as("admin", scripts=False)
    page.goto(furniture.queue.get_absolute_url())
    page.get_by_role("link", name="Add address").click()
    page.locator("#id_address_address").fill("plain@contoso.example")
    page.locator("#id_address_account").fill("plain@contoso.example")
    page.locator("#id_address_server").select_option(str(furniture.broken.pk))
    page.get_by_role("button", name="Save address").click()
    expect(page.locator("#messages")).to_contain_text("plain@contoso.example was saved")
    expect(page.locator(".address")).to_have_count(3)
