"""A file of addresses brought in by keyboard and without scripts, as whoever has neither mouse nor JavaScript does."""

import pytest
from playwright.sync_api import expect

from imports.models import Import
from queues.models import QueueAddress
from tests.browser.conftest import Open
from tests.imports.files import tab
from tests.people import incoming, queue
from tests.worker import WorkerProcess

pytestmark = pytest.mark.browser
BOX = "box@contoso.example"


def test_a_file_is_brought_in(worker: WorkerProcess, open_as: Open) -> None:
    incoming(name="Contoso")
    queue(name="Support")
    body = tab(("Queue", "Address", "E-Mail Account", "E-Mail Server"), ("Support", BOX, BOX, "Contoso"))
    page = open_as("admin")
    page.goto("/queues/")
    page.get_by_role("link", name="Import", exact=True).press("Enter")
    page.get_by_label("Addresses of queues").press("Space")
    page.get_by_label("File", exact=False).set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": body})
    page.get_by_role("button", name="See what it would do").press("Enter")
    # The page follows the worker by itself.
    page.get_by_role("button", name="Apply 1 row").press("Enter")
    expect(page.locator("#import")).to_contain_text("Applied.")
    assert QueueAddress.objects.get().address == BOX

    plain = open_as("admin", scripts=False)
    plain.goto(Import.objects.get().get_absolute_url())
    expect(plain.locator("#import")).to_contain_text("Applied.")
    plain.get_by_role("link", name="1 Created").click()
    expect(plain.locator("tbody tr")).to_have_count(1)
