"""A server breaks and is mended: the timeline follows by itself, and says the same as a table."""

import re
from typing import Literal

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from demo.seed import first_steps
from demo.server import DemoTenant
from tests.browser.conftest import Open
from tests.browser.test_look import SCHEMES
from tests.people import incoming
from tests.worker import WorkerProcess

pytestmark = pytest.mark.browser


def test_the_timeline_shows_what_broke_and_that_it_was_mended(
    worker: WorkerProcess, tenant: DemoTenant, open_as: Open
) -> None:
    """Red and green arrive on the open page, without a reload; the history names the edit and each state."""
    steps = first_steps(tenant.world)
    server = incoming(name="Timeline", tenant_id=steps["tenant"], client_id=steps["client_id"], secret=steps["secret"])
    page = open_as("admin")
    page.goto(server.get_absolute_url())
    verdict, past = page.locator("#verdict"), page.locator(f"#past-{server.pk}")
    expect(verdict).to_contain_text("OK")
    expect(past.locator(".legend")).to_contain_text("OK")

    tenant.fault(kind="aadsts", match={"client_id": steps["client_id"]}, code=7000222)
    page.get_by_role("button", name="Check now").first.click()
    expect(verdict).to_contain_text("Broken since")
    expect(past.locator(".timeline .bar.broken")).to_have_count(1)
    expect(past.get_by_role("img", name="Timeline: the last 7 days")).to_be_visible()

    tenant.faults.clear()
    page.get_by_role("button", name="Check now").first.click()
    expect(verdict).to_contain_text("OK")
    past.get_by_role("link", name="All states and edits").click()
    rows = page.locator(".past-table tbody tr")
    expect(rows.locator(".status")).to_have_text([re.compile(said) for said in ("OK", "Broken", "OK")])
    expect(rows.nth(1)).to_contain_text("AADSTS7000222")

    page.get_by_role("link", name="24 hours").click()
    expect(page.locator(".periods [aria-current]")).to_have_text("24 hours")
    expect(page.locator(".timeline .edit")).to_have_count(1)
    summary = page.locator(".past-table summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(rows.first).to_be_hidden()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", [1280, 400])
def test_the_ring_of_the_newest_edit_is_whole(open_as: Open, width: int, scheme: Literal["light", "dark"]) -> None:
    """At the right edge of the drawing each side of it can be pointed at, and nothing scrolls sideways."""
    server = incoming()
    page = open_as("support")
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(reverse("tokenchecks:history", args=["incoming_server", server.pk]))
    ring = page.locator(".timeline .edit circle")
    ring.scroll_into_view_if_needed()
    box = ring.bounding_box()
    assert box
    across, down = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    points = [(across - 3, down), (across + 3, down), (across, down - 3), (across, down + 3)]

    found = [page.evaluate("([x, y]) => document.elementFromPoint(x, y).tagName", point) for point in points]
    assert found == ["circle"] * 4
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
