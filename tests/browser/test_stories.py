"""What support is asked on the telephone, answered by keyboard alone."""

import os
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from configurator.audit.models import AuditEvent
from configurator.vault.text import Secret
from mailsettings.services import incoming_server_save
from queues.services import address_save, queue_delete
from tests.browser.conftest import Open
from tests.browser.keyboard import Keyboard
from tests.people import ACTOR, address, incoming, queue
from tests.tokenchecks.past import DAY, GOOD, HOUR, broken, check, pass_time

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SUMMARY = "The client secret has expired"
MORNING = 3 * HOUR


def test_mail_for_a_queue_stopped_this_morning(open_as: Open) -> None:
    """From the start page to the queue: what is wrong, since when, after which edit, who mends it."""
    server = incoming(name="Contoso mailboxes")
    box = address(server=server, queue=queue(name="Billing"), address="billing@contoso.example")
    check(server, GOOD)
    pass_time(DAY)
    server.tenant_id = uuid.uuid4()
    incoming_server_save(actor=ACTOR, server=server, secret=Secret("pasted~for-the-new-tenant"))
    pass_time(timedelta(minutes=4))
    check(server, broken("secret_expired"), SUMMARY)
    check(box, broken("secret_expired"), SUMMARY)
    pass_time(MORNING)

    page = open_as("support")
    page.goto("/")
    keyboard = Keyboard(page)
    keyboard.follow("Queues")
    keyboard.type("Search", "billing")
    expect(page.locator("#announce")).to_have_text("1 row found")
    keyboard.follow("Billing")
    verdict = page.locator(".verdict").first
    expect(verdict).to_contain_text("Broken")
    expect(verdict).to_contain_text(SUMMARY)
    keyboard.follow("Contoso mailboxes")
    expect(page.locator("#verdict")).to_contain_text("4 minutes after an edit by tests (Secret, Address: tenant ID)")
    expect(page.get_by_role("button", name="Save")).to_have_count(0)
    shot(page, "stopped")


def test_who_uses_the_secret_that_ends_on_friday(open_as: Open) -> None:
    """From the start page to the queues and addresses that stop on that day."""
    friday = timezone.localdate() + timedelta(days=(4 - timezone.localdate().weekday()) % 7)
    client_id, secret = uuid.uuid4(), "one~secret-on-two-servers"
    for number, name in enumerate(("Contoso mailboxes", "Contoso archive")):
        server = incoming(name=name, client_id=client_id, secret=secret, secret_expires_on=friday)
        address(server=server, queue=queue(name=f"Queue {number}"), address=f"box{number}@contoso.example")
    address(server=incoming(name="Another app"), queue=queue(name="Not concerned"))

    page = open_as("support")
    page.goto("/")
    keyboard = Keyboard(page)
    keyboard.follow("Secrets and Impact")
    first = page.locator("table.records tbody tr").first
    expect(first).to_contain_text(friday.isoformat())
    keyboard.follow("Contoso archive")
    found = page.locator("table.records")
    for told in ("Queue 0", "Queue 1", "box0@contoso.example", "box1@contoso.example"):
        expect(found).to_contain_text(told)
    expect(found).not_to_contain_text("Not concerned")
    shot(page, "friday")


def test_what_a_tenant_looked_like_in_march(open_as: Open) -> None:
    """From the audit log to the servers of that day, by tenant, and to what has changed since."""
    tenant, other = uuid.uuid4(), uuid.uuid4()
    server = incoming(name="Contoso in spring", tenant_id=tenant)
    incoming(name="Fabrikam", tenant_id=other)
    gone = queue(name="Closed in summer")
    pass_time(60 * DAY)
    server.name = "Contoso in autumn"
    incoming_server_save(actor=ACTOR, server=server)
    queue_delete(actor=ACTOR, queue=gone)
    pass_time(60 * DAY)
    then = timezone.localtime(timezone.now() - 90 * DAY)

    page = open_as("support")
    page.goto("/")
    keyboard = Keyboard(page)
    keyboard.follow("Audit Log")
    keyboard.follow("Configuration as of…")
    keyboard.type("Search", str(tenant))
    keyboard.reach("As of")
    page.keyboard.type(f"{then:%m%d}{then.year:06d}")
    page.keyboard.type(f"{then:%I%M%S%p}")
    with page.expect_navigation():
        keyboard.press("Enter")
    found = page.locator("table.records")
    expect(found).to_contain_text("Contoso in spring")
    expect(found).not_to_contain_text("Fabrikam")
    expect(page.locator("h1")).to_contain_text(f"{then:%Y-%m-%d}")
    shot(page, "march")
    keyboard.follow("Compare with now")
    found = page.locator("#results")
    expect(found).to_contain_text("Contoso in autumn")
    expect(found).to_contain_text("Closed in summer")
    shot(page, "march-compared")


def test_an_address_is_put_back_as_it_was_before_an_edit(open_as: Open) -> None:
    """From the audit log to the event before the edit, as of then, and by the address's own form to what was."""
    server = incoming(name="Contoso mailboxes")
    home = queue(name="Billing")
    box = address(server=server, queue=home, address="billing@contoso.example", priority=3, extension_language="de")
    pass_time(DAY)
    box.priority, box.extension_language = 70, ""
    address_save(actor=ACTOR, address=box)

    page = open_as("admin")
    page.goto("/")
    keyboard = Keyboard(page)
    keyboard.follow("Audit Log")
    keyboard.type("Search", "billing@")
    expect(page.locator("#announce")).to_have_text("2 rows found")
    keyboard.follow("Changed")
    expect(page.get_by_role("region", name="What changed")).to_contain_text("70")
    keyboard.follow("Event before")
    keyboard.follow("As of then")
    shot(page, "as-of-then")
    keyboard.follow("Put back…")
    differing = page.locator("section.conflict")
    expect(differing).to_contain_text("nothing is saved yet")
    for told in ("Priority", "70", "Extension Language"):
        expect(differing).to_contain_text(told)
    expect(page.locator("#id_address_priority")).to_have_value("3")
    shot(page, "put-back")
    box.refresh_from_db()
    assert box.priority == 70

    keyboard.reach("Save address")
    keyboard.press("Enter")
    expect(page.locator("#messages")).to_contain_text("billing@contoso.example was saved")
    box.refresh_from_db()
    assert (box.priority, box.extension_language) == (3, "de")
    event = AuditEvent.objects.order_by("-seq")[0]
    assert (event.actor_name, event.action) == ("admin", "changed")
    assert set(event.after or {}) == {"priority", "extension_language"}


def shot(page: Page, name: str) -> None:
    """Keep a picture of the page where one is asked for."""
    if folder := os.environ.get("STORIES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
