"""Check before save by keyboard: a wrong secret, its remedy beside the field, the right one, save."""

import pytest
from playwright.sync_api import expect

from configurator.vault.text import Secret
from demo.seed import first_steps
from demo.server import DemoTenant
from mailsettings.models import IncomingServer
from mailsettings.rotation import services as rotation
from tests.browser.conftest import Open
from tests.browser.keyboard import Keyboard
from tests.people import ACTOR, address, incoming, queue
from tests.tokenchecks.trials import WRONG, user_server
from tests.worker import WorkerProcess, wait_for

pytestmark = pytest.mark.browser
NEW = "/e-mail-settings/incoming/new/"


def test_a_wrong_secret_is_found_corrected_and_saved_by_keyboard(
    worker: WorkerProcess, tenant: DemoTenant, open_as: Open
) -> None:
    steps = first_steps(tenant.world)
    page = open_as("admin")
    page.goto(NEW)
    keys = Keyboard(page)
    keys.type("Name", "Fjordlys")
    keys.type("Address", steps["address"])
    keys.reach("OAuth User")
    keys.press("ArrowDown")
    keys.type("Client ID", steps["client_id"])
    keys.type("Secret", WRONG)
    keys.type("Mailbox to try", steps["mailbox"])
    keys.reach("Check before save")
    keys.press("Enter")

    note = page.locator("#id_secret_trial")
    expect(note).to_be_visible()
    expect(page.locator("#id_secret")).to_have_attribute("aria-describedby", "id_secret_helptext id_secret_trial")
    expect(page.locator("#id_secret")).to_have_value(WRONG)
    expect(page.locator(".trial .status")).to_contain_text("Broken")
    assert not IncomingServer.objects.exists()

    keys.reach("go to field")
    keys.press("Enter")
    expect(page.locator("#id_secret")).to_be_focused()
    keys.press("Control+a")
    page.keyboard.insert_text(steps["secret"])
    expect(note).to_have_count(0)
    keys.reach("Check before save")
    keys.press("Enter")
    expect(page.locator(".trial .status")).to_contain_text("OK")
    expect(page.locator(".trial")).to_contain_text("Not proved by this")
    expect(page.locator("#id_name")).to_have_value("Fjordlys")

    page.locator("#id_name").focus()
    keys.follow("Save")
    assert IncomingServer.objects.get().name == "Fjordlys"


def test_a_slip_is_shown_beside_its_field_and_the_rest_stays(tenant: DemoTenant, open_as: Open) -> None:
    page = open_as("admin")
    page.goto(NEW)
    page.locator("#id_name").fill("Fjordlys")
    page.locator("#id_client_id").fill("no guid")
    page.get_by_role("button", name="Check before save").click()

    expect(page.locator("#id_client_id_error")).to_be_visible()
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator("#id_name")).to_have_value("Fjordlys")
    assert page.url.endswith(NEW)


def test_an_address_is_tried_in_its_block_and_the_queue_stays_as_typed(
    worker: WorkerProcess, tenant: DemoTenant, open_as: Open
) -> None:
    steps = first_steps(tenant.world)
    incoming(name="Personal mailboxes", **user_server(tenant))
    home = queue()
    page = open_as("admin")
    page.goto(f"{home.get_absolute_url()}?address=new")
    page.locator("#id_description").fill("typed and not saved")
    page.locator("#id_address_address").fill(steps["user_account"])
    page.locator("#id_address_account").fill(steps["user_account"])
    page.get_by_role("button", name="Choose E-Mail Server").press("Enter")
    page.keyboard.insert_text("personal")
    page.keyboard.press("Enter")
    page.locator("#id_address_password").fill(steps["user_password"])
    page.get_by_role("button", name="Check before save").click()

    expect(page.locator(".trial .status")).to_contain_text("OK")
    expect(page.locator(".trial")).to_contain_text("from another network")
    expect(page.locator("#id_description")).to_have_value("typed and not saved")
    expect(page.locator("#id_address_password")).to_have_value(steps["user_password"])


def test_without_scripts_the_form_comes_back_as_typed_with_its_panel(
    worker: WorkerProcess, tenant: DemoTenant, open_as: Open
) -> None:
    steps = first_steps(tenant.world)
    page = open_as("admin", scripts=False)
    page.goto(NEW)
    page.locator("#id_name").fill("Fjordlys")
    page.locator("#id_address").fill(steps["address"])
    page.get_by_label("OAuth Service").check()
    page.locator("#id_client_id").fill(steps["client_id"])
    page.locator("#id_secret").fill(steps["secret"])
    page.get_by_role("button", name="Check before save").click()

    expect(page.locator("#id_client_id")).to_have_value(steps["client_id"])
    expect(page.locator("#id_secret")).to_have_value("")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Look at this check in a new tab").click()
    trial = opened.value

    def look() -> bool:
        trial.reload()
        return "these values pass" in trial.content()

    wait_for(look)


def test_a_dry_run_is_followed_on_its_page(worker: WorkerProcess, tenant: DemoTenant, open_as: Open) -> None:
    steps = first_steps(tenant.world)
    account = steps["user_account"]
    user = incoming(name="Personal mailboxes", **user_server(tenant))
    incoming(name="Shared", tenant_id=steps["tenant"], client_id=steps["client_id"], secret=steps["secret"])
    address(server=user, address=account, account=account, password=steps["user_password"])
    page = open_as("support")
    page.goto("/token-checks/at-risk/")
    page.get_by_role("link", name="Try under OAuth Service").click()
    expect(page.locator(".picked output")).to_contain_text("Shared")
    page.get_by_role("button", name="Choose Under which server").press("Enter")
    expect(page.locator("[data-pick]")).to_have_count(1)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Try it").click()

    expect(page.locator(".trial .status")).to_contain_text("OK")
    expect(page.locator(".trial")).to_contain_text("would work under Shared")


def test_a_next_secret_is_tested_where_it_stands(worker: WorkerProcess, tenant: DemoTenant, open_as: Open) -> None:
    """The panel follows the test, and with its end the tick to switch untested goes."""
    steps = first_steps(tenant.world)
    server = incoming(tenant_id=steps["tenant"], client_id=steps["client_id"], secret=WRONG)
    rotation.next_secret_set(actor=ACTOR, server=server, secret=Secret(steps["secret"]))
    page = open_as("admin")
    page.goto(server.get_absolute_url())
    expect(page.locator("#switch-untested")).to_be_visible()
    page.locator("#id_name").fill("typed and not saved")
    page.get_by_role("button", name="Test next").click()

    expect(page.locator("#next-trial .status")).to_contain_text("OK")
    expect(page.locator("#next-tested")).to_contain_text("Microsoft accepts it")
    expect(page.locator("#switch-untested")).to_be_hidden()
    expect(page.locator("#id_name")).to_have_value("typed and not saved")


def test_a_test_mail_is_confirmed_and_followed(worker: WorkerProcess, tenant: DemoTenant, open_as: Open) -> None:
    steps = first_steps(tenant.world)
    own = incoming(tenant_id=steps["tenant"], client_id=steps["client_id"], secret=steps["secret"])
    item = address(server=own, address=steps["mailbox"], account=steps["mailbox"], sender=True)
    page = open_as("admin")
    page.goto(item.queue.get_absolute_url())
    page.get_by_role("link", name="Send a test mail").click()
    page.get_by_label("To").fill("ada@contoso.example")
    page.get_by_role("button", name="Send one mail").click()
    expect(page.locator("#id_confirmed_error")).to_be_visible()
    page.get_by_label("Yes, send one mail now").check()
    page.get_by_role("button", name="Send one mail").click()

    expect(page.locator(".trial .status")).to_contain_text("OK")
    expect(page.locator(".trial")).to_contain_text("Exchange took the mail")


def test_enter_in_the_mailbox_to_try_checks_and_saves_nothing(
    worker: WorkerProcess, tenant: DemoTenant, open_as: Open
) -> None:
    """It belongs to the check; in a field of the server Enter goes on saving it."""
    steps = first_steps(tenant.world)
    page = open_as("admin")
    page.goto(NEW)
    page.locator("#id_name").fill("Fjordlys")
    page.locator("#id_address").fill(steps["address"])
    page.get_by_label("OAuth Service").check()
    page.locator("#id_client_id").fill(steps["client_id"])
    page.locator("#id_secret").fill(steps["secret"])
    page.locator("#id_mailbox").fill(steps["mailbox"])
    page.locator("#id_mailbox").press("Enter")

    expect(page.locator(".trial .status.ok")).to_be_visible()
    assert page.url.endswith(NEW)
    assert not IncomingServer.objects.exists()
    page.locator("#id_name").press("Enter")
    expect(page.locator("#messages")).to_contain_text("The server was saved")
