"""Sender is ticked in the form of an address, and the address is checked green."""

import pytest
from playwright.sync_api import expect

from demo.seed import first_steps
from demo.server import DemoTenant
from queues.models import QueueAddress
from tests.browser.conftest import Open
from tests.people import address, incoming
from tests.tokenchecks.screens.test_test_mail import store_outgoing
from tests.tokenchecks.trials import stored
from tests.worker import WorkerProcess

pytestmark = pytest.mark.browser


def test_a_ticked_sender_is_checked_green(worker: WorkerProcess, tenant: DemoTenant, open_as: Open) -> None:
    store_outgoing(tenant)
    steps = first_steps(tenant.world)
    box = address(
        server=incoming(**stored(tenant)),
        address=steps["mailbox"],
        account=steps["mailbox"],
        earlier_sender="replies@elsewhere.example",
    )
    page = open_as("admin")
    page.goto(f"{box.queue.get_absolute_url()}?address={box.pk}#numbers-addresses")
    page.get_by_role("checkbox", name="Sender").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Save address").click()

    card = page.locator(f"#address-{box.pk}")
    expect(card.locator(".status").first).to_contain_text("OK")
    expect(card).to_contain_text(f"Mail.Send in the token of the app {steps['outgoing_client_id']}")
    expect(card).to_contain_text("replies@elsewhere.example")
    assert QueueAddress.objects.get().sender is True
