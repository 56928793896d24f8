"""Check all, watched to its end: the page follows it by itself, without an error in its scripts."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.people import address, incoming
from tests.worker import WorkerProcess

pytestmark = pytest.mark.browser


def test_a_round_is_followed_to_its_end(worker: WorkerProcess, open_as: Open) -> None:
    address(server=incoming())
    page = open_as("admin")
    page.goto("/token-checks/")
    page.get_by_role("button", name="Check all").click()
    expect(page.locator("body")).to_contain_text("2 of 2", timeout=60_000)
