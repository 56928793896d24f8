"""The pages of imports: choosing a file, following it, and what is done with it."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from imports.models import Import
from imports.services.working import work
from queues.models import QueueAddress
from tests.imports.files import applied, looked_at, send, tab
from tests.people import As, incoming, person, queue

pytestmark = pytest.mark.django_db
LABELS = ("Queue", "Address", "E-Mail Account", "E-Mail Server")


def addresses(count: int, *, good: bool = True) -> bytes:
    """Return a file of so many new addresses on the queue Support."""
    boxes = [f"box{number}@contoso.example" if good else f"box{number}" for number in range(count)]
    return tab(LABELS, *(("Support", box, box, "Contoso") for box in boxes))


def test_a_file_is_sent_followed_and_applied(signed_in: As) -> None:
    incoming(name="Contoso")
    queue(name="Support")
    admin = signed_in("admin")

    page = admin.get(reverse("queues:queue_list")).content.decode()
    link = re.search(r'href="(/imports/new/\?kind=queue)">Import<', page)
    assert link
    assert 'value="queue" id' in admin.get(link[1]).content.decode().replace('" checked id', '" id')
    sent = send(admin, "address", addresses(2), "../boxes.txt")
    found = Import.objects.get()
    assert (sent.status_code, sent["Location"]) == (302, found.get_absolute_url())
    waiting = admin.get(found.get_absolute_url()).content.decode()
    assert 'hx-trigger="load delay:1s"' in waiting
    assert "Waiting to be read" in waiting
    assert "Addresses of queues, by admin" in waiting
    work(found.pk)

    assert "Addresses of queues, 2 rows, by admin" in admin.get(found.get_absolute_url()).content.decode()
    moving = admin.get(found.get_absolute_url(), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in moving
    assert "hx-get" not in moving
    assert "Apply 2 rows" in moving
    assert "box1@contoso.example" in moving
    assert moving.index("<b>Address</b>") < moving.index("<b>E-Mail Account</b>") < moving.index("<b>E-Mail Server</b>")
    assert admin.post(reverse("imports:apply", args=[found.pk])).status_code == 302
    work(found.pk)
    assert "Applied." in admin.get(found.get_absolute_url()).content.decode()
    assert QueueAddress.objects.count() == 2
    assert "boxes.txt" in admin.get(reverse("imports:list")).content.decode()
    assert "cannot be done" in admin.post(reverse("imports:apply", args=[found.pk]), follow=True).content.decode()


def test_a_file_that_cannot_be_read_is_explained_beside_the_form_for_another(signed_in: As) -> None:
    admin, found = signed_in("admin"), looked_at("queue", b"Name,Colour\nA,red\n")

    page = admin.get(found.get_absolute_url()).content.decode()
    assert "<strong>Not read.</strong>" in page
    assert "These columns are not known here: Colour (column B)" in page
    assert "Run the dry run" not in page
    assert re.search(r'value="queue"[^>]* checked', page)
    assert f'action="{reverse("imports:new")}"' in page
    assert "cannot be done" in admin.post(reverse("imports:again", args=[found.pk]), follow=True).content.decode()
    assert "Not read" in admin.get(reverse("imports:list")).content.decode()


def test_the_page_makes_as_many_queries_for_3_rows_as_for_200_and_filters_and_pages_them(signed_in: As) -> None:
    incoming(name="Contoso")
    queue(name="Support")
    admin = signed_in("admin")
    few, many = looked_at("address", addresses(3, good=False)), looked_at("address", addresses(200))
    made = []
    for found in (few, many):
        with CaptureQueriesContext(connection) as queries:
            assert admin.get(found.get_absolute_url()).status_code == 200
        made.append(len(queries))
    assert made[0] == made[1] <= 8

    second = admin.get(many.get_absolute_url(), {"page": "2", "outcome": "created"}).content.decode()
    assert "51 to 100 of 200" in second
    assert "page=3" in second
    assert "outcome=created" in second
    assert "No row of this kind" in admin.get(many.get_absolute_url(), {"outcome": "refused"}).content.decode()
    assert admin.get(many.get_absolute_url(), {"page": "x", "outcome": "y"}).status_code == 200


def test_a_dry_run_is_made_again_and_discarded(signed_in: As) -> None:
    admin, found = signed_in("admin"), looked_at("address", addresses(1))
    assert found.counts == {"refused": 1}
    assert "Apply" not in admin.get(found.get_absolute_url()).content.decode()
    incoming(name="Contoso")
    queue(name="Support")

    admin.post(reverse("imports:again", args=[found.pk]))
    work(found.pk)
    found.refresh_from_db()
    assert found.counts == {"created": 1}
    gone = admin.post(reverse("imports:discard", args=[found.pk]), follow=True).content.decode()
    assert "nothing of it is kept" in gone
    assert not Import.objects.exists()


def test_an_applied_import_is_removed_from_the_list_and_what_it_wrote_stays(signed_in: As) -> None:
    incoming(name="Contoso")
    queue(name="Support")
    admin, found = signed_in("admin"), applied(looked_at("address", addresses(1)))
    shown = admin.get(found.get_absolute_url()).content.decode()
    assert "Remove from the list" in shown
    assert "Discard" not in shown

    gone = admin.post(reverse("imports:discard", args=[found.pk]), follow=True).content.decode()
    assert "What it wrote stays as it is" in gone
    assert not Import.objects.exists()
    assert QueueAddress.objects.count() == 1


def test_what_a_worker_has_is_not_discarded(signed_in: As) -> None:
    admin, found = signed_in("admin"), looked_at("address", addresses(1))
    Import.objects.update(state="applying", lease_until="2099-01-01T00:00Z")

    assert "A worker is at it" in admin.post(reverse("imports:discard", args=[found.pk]), follow=True).content.decode()
    assert Import.objects.exists()


def test_support_gets_403_and_no_link(signed_in: As) -> None:
    support, found = signed_in("support"), looked_at("address", addresses(1))

    for name in ("imports:list", "imports:new"):
        assert support.get(reverse(name)).status_code == 403
    assert support.get(found.get_absolute_url()).status_code == 403
    assert send(support, "queue", addresses(1)).status_code == 403
    for path in ("/queues/", "/e-mail-settings/incoming/"):
        assert "/imports/" not in support.get(path).content.decode()
    assert person("support").may("queue.view")
