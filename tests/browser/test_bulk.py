"""Many rows at once: ticked by keyboard, previewed and changed by a worker, followed live; and without scripts."""

import pytest
from playwright.sync_api import expect

from configurator.console.bulk.services import performing
from queues.models import Queue
from tests.browser.conftest import Open
from tests.browser.keyboard import Keyboard
from tests.browser.test_look import violations
from tests.people import queue
from tests.worker import WorkerProcess

pytestmark = pytest.mark.browser


def test_rows_are_ticked_changed_and_followed(
    worker: WorkerProcess, open_as: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys and Shift tick, a worker does it while the page follows, and a plain browser can do the same."""
    for name in ("A", "B", "C", "D"):
        queue(name=name)
    monkeypatch.setattr(performing, "AT_ONCE", 0)
    page = open_as("admin")
    page.goto("/queues/")
    said = page.locator("#bulk-ticked")
    Keyboard(page).press("j", "x", "j", "x")
    expect(said).to_have_text("With the 2 ticked:")
    page.locator('input[name="row"]').nth(3).click(modifiers=["Shift"])
    expect(said).to_have_text("With the 4 ticked:")
    expect(page.locator("#tick-all")).to_be_checked()
    page.locator("#tick-all").uncheck()
    page.get_by_label("Tick B").check()
    page.get_by_label("Tick D").check()
    page.get_by_role("button", name="Change priority").click()
    page.get_by_role("textbox", name="Priority").fill("7")
    page.keyboard.press("Enter")
    confirm = page.get_by_role("button", name="Change the priority of 2 queues")
    expect(confirm).to_be_visible()
    found = violations(page, "preview")
    confirm.click()
    expect(page.get_by_role("heading", name="What was done")).to_be_focused()
    assert found + violations(page, "result") == []
    assert list(Queue.objects.values_list("name", "priority")) == [("A", 1), ("B", 7), ("C", 1), ("D", 7)]

    plain = open_as("admin", scripts=False)
    plain.goto("/queues/?q=B")
    plain.get_by_label("All 1 that are found").check()
    plain.get_by_role("button", name="Disable").click()
    expect(plain.locator("h1")).to_have_text("Disable: 1 queue")
    for name in ("Disable 1 queue", "Back to the list"):
        while not plain.get_by_role("button", name=name).or_(plain.get_by_role("link", name=name)).is_visible():
            plain.get_by_role("link", name="Look again").click()
        plain.get_by_role("button", name=name).or_(plain.get_by_role("link", name=name)).click()
    expect(plain).to_have_url("/queues/?q=B")
