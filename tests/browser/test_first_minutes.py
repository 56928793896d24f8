"""A person's first five minutes, with real parts and by keyboard alone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from demo.seed import first_steps
from demo.server import DemoTenant
from mailsettings.models import IncomingServer, OutgoingServer
from queues.models import Queue, QueueAddress
from tests.browser.keyboard import Keyboard
from tests.people import person
from tests.worker import WorkerProcess

pytestmark = pytest.mark.browser
PASSWORD = "a-long-enough-passphrase"
SECONDS = 20_000  # milliseconds that a check may take on a busy machine


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return a page of a fresh browser profile that fails the test on any script error or forbidden content."""
    context = browser.new_context()
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    yield page
    context.close()
    assert [text for text in troubles if "status of 4" not in text] == []


@pytest.fixture
def keyboard(page: Page) -> Keyboard:
    """Return the keyboard of the page."""
    return Keyboard(page)


def sign_in(keyboard: Keyboard, url: str, username: str) -> None:
    """Open the console and sign in."""
    user = person(username)
    user.set_password(PASSWORD)
    user.save()
    keyboard.page.goto(url)
    keyboard.type("Username", username)
    keyboard.type("Password", PASSWORD)
    with keyboard.page.expect_navigation():
        keyboard.press("Enter")


def expect_green(page: Page, stages: int = 7) -> None:
    """Wait until the check on the page has ended well."""
    panel = page.locator(".check-panel")
    expect(panel.locator(".panel-head .status")).to_have_text(re.compile("OK"), timeout=SECONDS)
    expect(panel.locator(".stage")).to_have_count(stages)


def add_incoming(keyboard: Keyboard, steps: dict[str, str]) -> None:
    """Add the incoming mail server and see its check end green."""
    keyboard.follow("Incoming Mail Servers")
    keyboard.follow("Add New")
    keyboard.type("Name", "Fjordlys support")
    keyboard.type("Address", f" {steps['address']}/ ")
    keyboard.reach("OAuth User")
    keyboard.press("ArrowDown")
    keyboard.type("Client ID", steps["client_id"])
    keyboard.type("Secret", steps["secret"])
    keyboard.follow("Save")
    expect_green(keyboard.page)


def add_outgoing(keyboard: Keyboard, steps: dict[str, str]) -> None:
    """Enable the outgoing mail server and see its check end green."""
    keyboard.follow("External Outgoing Mail Server")
    keyboard.tick("Enable External Outgoing Mail Server")
    keyboard.type("IP Address or Name of Mail Server", f"https://login.microsoftonline.com/{steps['outgoing_tenant']}")
    keyboard.type("Server User", steps["outgoing_client_id"])
    keyboard.tick("Set Password")
    keyboard.type("Password", steps["outgoing_secret"])
    keyboard.follow("Save")
    expect(keyboard.page.locator("#messages")).to_contain_text("reduced to its tenant")
    expect_green(keyboard.page)


def add_queue(keyboard: Keyboard, steps: dict[str, str]) -> None:
    """Add a queue, then an address on it whose server is found in the search window, and see it end green."""
    keyboard.follow("Queues")
    keyboard.follow("Add New")
    keyboard.type("Name", "Küche & Bad 🛁")
    keyboard.follow("Save")
    keyboard.reach("Add address")
    keyboard.press("Enter")
    expect(keyboard.page.locator("#address-form-title")).to_be_visible()
    keyboard.type("Address", steps["mailbox"])
    keyboard.type("E-Mail Account", steps["account"])
    keyboard.reach("Choose E-Mail Server")
    keyboard.press("Enter")
    keyboard.page.keyboard.insert_text("fjordlys")
    expect(keyboard.page.locator("[data-pick]")).to_have_count(1)
    keyboard.press("Enter")
    keyboard.reach("Save address")
    keyboard.press("Enter")
    expect_green(keyboard.page)


def test_an_administrator_sets_up_a_queue_and_support_sees_it_all(
    live_server: LiveServer, worker: WorkerProcess, tenant: DemoTenant, page: Page, keyboard: Keyboard
) -> None:
    """Sign in, add servers, queue and address, each green; then Support sees all and changes nothing."""
    steps = first_steps(tenant.world)
    sign_in(keyboard, live_server.url, "admin")
    add_incoming(keyboard, steps)
    add_outgoing(keyboard, steps)
    add_queue(keyboard, steps)
    keyboard.follow("Sign out")

    sign_in(keyboard, live_server.url, "support")
    server, queue = IncomingServer.objects.get(), Queue.objects.get()
    shown = {
        server.get_absolute_url(): ["Fjordlys support", steps["client_id"], "OAuth Service", "fingerprint"],
        "/e-mail-settings/outgoing/": [steps["outgoing_tenant"], steps["outgoing_client_id"]],
        queue.get_absolute_url(): ["Küche & Bad 🛁", steps["mailbox"], "Fjordlys support"],
    }
    for url, texts in shown.items():
        page.goto(live_server.url + url)
        for text in texts:
            expect(page.locator("main")).to_contain_text(text)
        expect(page.locator("main").get_by_role("button", name="Save")).to_have_count(0)
        expect(page.locator("main").get_by_role("textbox")).to_have_count(0)
        forge(page, url)

    assert IncomingServer.objects.get().version == server.version
    assert Queue.objects.get().name == queue.name
    assert (OutgoingServer.objects.count(), QueueAddress.objects.count()) == (1, 1)


def forge(page: Page, url: str) -> None:
    """Send a form that Support was never shown, with a right token; it is refused."""
    status = page.evaluate(
        """async (url) => {
            const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
            const body = new URLSearchParams({csrfmiddlewaretoken: token, name: "forged", version: "1"});
            return (await fetch(url, {method: "POST", body})).status;
        }""",
        url,
    )
    assert status == 403
