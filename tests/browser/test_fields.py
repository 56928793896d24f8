"""Fields that depend on others: what is required, what is out of use, and the list of languages."""

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from health.findings.services import reconcile
from mailsettings.models import OutgoingServer
from queues.models import Queue, QueueAddress
from tests.browser.conftest import Open
from tests.people import address, incoming, outgoing, queue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def mark(page: Page, label: str) -> Locator:
    """Return the mark beside the label."""
    return page.locator("label", has_text=label).locator(".required")


def test_an_outgoing_server_that_is_off_hides_its_fields_and_keeps_them(open_as: Open) -> None:
    tenant = outgoing().tenant
    page = open_as("admin")
    page.goto(reverse("mailsettings:outgoing"))
    expect(page.get_by_label("Server User")).to_be_visible()
    page.get_by_label("Enable External Outgoing Mail Server").uncheck()
    for label in ("IP Address or Name of Mail Server", "Port", "Server User", "Set Password"):
        expect(page.get_by_label(label)).to_be_hidden()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#messages")).to_contain_text("The outgoing server was saved")
    stored = OutgoingServer.objects.get()
    assert (stored.enabled, stored.tenant, stored.password_id is not None) == (False, tenant, True)


def test_what_is_required_while_enabled_is_marked(open_as: Open) -> None:
    page = open_as("admin")
    page.goto(reverse("mailsettings:outgoing"))
    page.get_by_label("Enable External Outgoing Mail Server").check()
    for label in ("IP Address or Name of Mail Server", "Server User", "Set Password"):
        expect(mark(page, label)).to_be_visible()
    page.get_by_label("Set Password").check()
    expect(page.locator("label[for=id_password] .required")).to_be_visible()


def test_the_secret_is_marked_for_oauth_service_until_one_is_stored(open_as: Open) -> None:
    page = open_as("admin")
    page.goto(reverse("mailsettings:incoming_new"))
    page.get_by_label("OAuth Service").check()
    expect(page.locator("label[for=id_secret] .required")).to_be_visible()
    page.get_by_label("OAuth User").check()
    expect(page.get_by_label("Secret", exact=False).first).to_be_hidden()
    page.goto(incoming().get_absolute_url())
    expect(page.locator("label[for=id_secret] .required")).to_have_count(0)


def test_the_password_is_marked_for_oauth_user(open_as: Open) -> None:
    server = incoming(authentication_type="oauth_user")
    item = queue()
    page = open_as("admin")
    page.goto(f"{item.get_absolute_url()}?address=new")
    page.locator("#id_address_server_list").evaluate(
        "(select, pk) => { select.value = pk; select.dispatchEvent(new Event('change', {bubbles: true})); }",
        str(server.pk),
    )
    expect(page.locator("label[for=id_address_password] .required")).to_be_visible()


def test_a_language_is_found_by_its_name(open_as: Open) -> None:
    item = queue(language="fr", priority=5)
    address(queue=item)
    page = open_as("admin")
    page.goto(item.get_absolute_url())
    field = page.get_by_label("Queue Language")
    expect(field).to_have_value("French – fr")
    assert page.locator("#id_language_languages option[value='German (Austria) – de-AT']").count() == 1
    field.fill("german (austria)")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#messages")).to_contain_text("The queue was saved")
    assert Queue.objects.get(pk=item.pk).language == "de-AT"


def test_an_empty_field_says_what_counts(open_as: Open) -> None:
    item = queue(language="fr", priority=5)
    box = address(queue=item)
    page = open_as("admin")
    page.goto(box.edit_url)
    expect(page.locator("#id_address_priority")).to_have_attribute("placeholder", "5, the queue's Contact Management")
    expect(page.locator("#id_address_extension_language")).to_have_attribute("placeholder", "French – fr, the queue")
    expect(page.get_by_label("Max. E-Mail Size (KB)")).to_have_attribute("placeholder", "25600, system default")
    expect(page.get_by_label("Preferred Agent", exact=True)).to_contain_text("Not Defined (On, system default)")
    assert QueueAddress.objects.get().extension_language == ""


def test_findings_go_with_the_save_that_mends_them(open_as: Open) -> None:
    incoming()
    item = queue()
    reconcile()
    page = open_as("admin")
    page.goto(f"{item.get_absolute_url()}?address=new")
    expect(page.locator("#findings")).to_contain_text("The queue has no address")
    page.locator("#id_address_address").fill("help@contoso.example")
    page.get_by_label("E-Mail Account").fill("help@contoso.example")
    page.locator("#id_address_server_list").evaluate(
        "select => { select.selectedIndex = 1; select.dispatchEvent(new Event('change', {bubbles: true})); }"
    )
    page.get_by_role("button", name="Save address").click()
    expect(page.locator("article.address")).to_have_count(1)
    expect(page.locator("#findings")).not_to_contain_text("The queue has no address")


def test_support_reads_what_counts_and_what_is_overridden(open_as: Open) -> None:
    item = queue(max_email_kb=100)
    page = open_as("support")
    page.goto(item.get_absolute_url())
    expect(page.locator("#e-mail-settings")).to_contain_text("overrides 25600, system default")
    expect(page.locator("#e-mail-settings")).to_contain_text("Not Defined (On, system default)")
    expect(page.locator("#basics")).to_contain_text("English – en, system default")
    expect(page.locator("#contact-management .note")).to_contain_text("target service time")
    expect(page.locator("#numbers-addresses .note")).to_contain_text("Enhanced security")
