"""What breaks is told and shown, what is mended too, and a warning is dismissed: with real parts throughout."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from demo.seed import first_steps
from demo.server import DemoTenant
from mailsettings.models import IncomingServer
from tests.browser.conftest import Open
from tests.browser.test_look import violations
from tests.health.alarms.sink import MailSink, in_text
from tests.people import address, incoming, queue
from tests.worker import BeatProcess, WorkerProcess, wait_for
from tokenchecks.models import CheckRun

pytestmark = pytest.mark.browser
SECONDS = 30_000  # milliseconds that a check may take on a busy machine


@pytest.fixture
def sink(transactional_db: None, tmp_path: Path) -> Iterator[MailSink]:
    """Return the mailbox of whoever is told, with a worker and a clock that write to it."""
    with MailSink() as sink:
        told = {"ALARM_MAIL_TO": "it@contoso.example", "EMAIL_URL": sink.url, "SITE_ADDRESS": "https://console.example"}
        worker, beat = WorkerProcess(tmp_path / "worker.log", **told), BeatProcess(tmp_path / "beat.log", **told)
        worker.start()
        beat.start()
        yield sink
        beat.stop()
        worker.stop()


@pytest.fixture
def server(sink: MailSink, tenant: DemoTenant) -> IncomingServer:
    """Return a server that works, with an address on a queue."""
    steps = first_steps(tenant.world)
    server = incoming(
        name="Fjordlys support", tenant_id=steps["tenant"], client_id=steps["client_id"], secret=steps["secret"]
    )
    address(address=steps["mailbox"], account=steps["account"], server=server, queue=queue(name="Kundesenter"))
    wait_for(at_rest, seconds=60)
    return server


def at_rest() -> bool:
    """Tell whether every check has ended."""
    return not CheckRun.objects.filter(state__in=["queued", "running"]).exists()


def check(page: Page, word: str) -> None:
    """Press Check now, and wait until the panel says the word and all checks have ended."""
    before = CheckRun.objects.count()
    page.locator(".check-panel").get_by_role("button", name="Check now").click()
    wait_for(lambda: CheckRun.objects.count() > before and at_rest(), seconds=60)
    page.reload()
    expect(page.locator(".check-panel .panel-head .status")).to_have_text(re.compile(word), timeout=SECONDS)


def said(sink: MailSink, beginning: str) -> Callable[[], bool]:
    """Return whether a mail came whose subject begins like that."""
    return lambda: any(subject.startswith(beginning) for subject in sink.subjects())


def test_what_breaks_is_told_and_shown_until_it_is_mended(
    server: IncomingServer, sink: MailSink, tenant: DemoTenant, open_as: Open
) -> None:
    """Two bad checks: banner, alarm page and one mail with its queue; mended: recovered, and no banner."""
    page = open_as("admin")
    page.goto(server.get_absolute_url())
    expect(page.locator(".banner")).to_have_count(0)
    tenant.fault(kind="aadsts", code=7000222, match={"client_id": str(server.client_id)})

    check(page, "Broken")
    check(page, "Broken")

    wait_for(said(sink, "Broken: Fjordlys support – the secret has expired (1 queue stopped)"), seconds=60)
    assert "Queues that stop (1):" in in_text(sink.mails[0])
    assert f"https://console.example{server.get_absolute_url()}" in in_text(sink.mails[0])
    page.goto("/queues/")
    page.locator(".banner").get_by_role("link", name="broken").click()
    page.get_by_role("link", name="Fjordlys support").click()
    expect(page.locator("main")).to_contain_text("Entra administrator")
    expect(page.locator("main")).to_contain_text("Kundesenter")

    tenant.faults.clear()
    page.goto(server.get_absolute_url())
    check(page, "OK")

    wait_for(said(sink, "Recovered: Fjordlys support, after "), seconds=60)
    assert len(sink.mails) == 2
    page.goto("/queues/")
    expect(page.locator(".banner")).to_have_count(0)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_warning_is_dismissed_on_the_page_and_taken_back(
    server: IncomingServer, tenant: DemoTenant, open_as: Open, *, scripts: bool
) -> None:
    """With scripts and without; then it counts no more, says why, and counts again."""
    tenant.fault(kind="claims", match={"client_id": str(server.client_id)}, fields={"roles": ["Mail.Read"]})
    page = open_as("admin", scripts=scripts)
    page.goto(server.get_absolute_url())
    check(page, "Warning")
    expect(page.locator(".banner")).to_contain_text("2 warnings")

    page.get_by_text("Dismiss this warning").first.click()
    page.get_by_label("Reason").fill("Read by another client until May")
    if scripts:
        # The bar with Save lies over the lowest part of the window.
        page.get_by_role("button", name="Dismiss this warning").evaluate("it => it.scrollIntoView({block: 'center'})")
        assert violations(page, "dismiss") == []
    page.get_by_role("button", name="Dismiss this warning").click()
    expect(page.locator(".error-summary")).to_contain_text("Dismissed until is required")
    page.get_by_label("Reason").fill("Read by another client until May")
    page.get_by_label("Dismissed until").fill((timezone.localdate() + timedelta(days=90)).isoformat())
    page.get_by_role("button", name="Dismiss this warning").click()

    expect(page.locator(".acknowledgement")).to_contain_text("by admin: Read by another client until May")
    expect(page.locator(".banner")).to_contain_text("1 warning")
    page.get_by_role("button", name="Take back").click()
    expect(page.locator(".acknowledgement")).not_to_contain_text("until May")
    expect(page.locator(".banner")).to_contain_text("2 warnings")
