"""The set-up sheet of a queue: everything that is set, nothing that is secret, and no more than the user may view."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from configurator.version import VERSION
from health.findings.services import reconcile
from queues.models import QueueAddress
from tests.health.alarms.standings import breaks
from tests.people import As, address, incoming, outgoing, person, queue
from tests.queues.typed import PASSWORD

MOST_QUERIES = 12
pytestmark = pytest.mark.django_db


def furnished() -> QueueAddress:
    """Store a queue with two addresses, one of them broken, and the server that sends; return the broken one."""
    home = queue(name="Key accounts", priority=7, language="de")
    user = incoming(name="Personal", authentication_type="oauth_user")
    address(queue=home, server=user, address="anna@contoso.example", password=PASSWORD, priority=3)
    box = address(queue=home, server=incoming(name="Shared"), address="sales@contoso.example", extension_language="en")
    breaks([box], "mailbox_unknown", times=1)
    outgoing()
    reconcile()
    return box


def text_of(signed_in: As, box: QueueAddress, username: str = "support") -> str:
    """Return the sheet on one line."""
    answer = signed_in(username).get(reverse("support:sheet", args=[box.queue_id]))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_it_shows_all_that_is_set_and_the_last_check(signed_in: As) -> None:
    """Effective values with their origin, servers whole, stages, findings, who changed it last, date and version."""
    box = furnished()
    page = text_of(signed_in, box)

    for text in (
        "3 <small>from this address</small>",
        "7 <small>from the queue&#x27;s Contact Management</small>",
        "de <small>from the queue</small>",
        "English – en <small>from this address</small>",
        box.server.address,
        str(box.server.client_id),
        "OAuth Service",
        "OAuth User",
        "External Outgoing Mail Server",
        "Open findings",
        f"from Configurator {VERSION}",
        "by tests, version 1",
    ):
        assert text in page
    assert page.count('<span class="shape" aria-hidden="true">✕</span> Token</span>') == 1
    assert "Timeout for Contacts to be Picked or Rejected (ms)" in page


def test_it_shows_no_secret_and_no_fingerprint(signed_in: As) -> None:
    box = furnished()
    page = text_of(signed_in, box, "superuser")
    assert box.server.secret
    for hidden in ("s3cret~value-of-the-app", PASSWORD, "0utgoing~secret", box.server.secret.fingerprint, "ingerprint"):
        assert hidden not in page


def test_what_the_user_may_not_view_is_absent(signed_in: As) -> None:
    """Of who may view queues alone: neither the servers' apps, nor checks, nor the server that sends."""
    box = furnished()
    viewer = Group.objects.create(name="Queue viewer")
    viewer.permissions.set([Permission.objects.get(codename="view_queue")])
    person("support").groups.set([viewer])

    page = text_of(signed_in, box)

    assert "sales@contoso.example" in page
    for hidden in (str(box.server.client_id), box.server.address, "Last check", "External Outgoing Mail Server"):
        assert hidden not in page


def test_it_takes_as_many_queries_for_one_address_as_for_ten(
    signed_in: As, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    box = furnished()
    for _ in range(8):
        address(queue=box.queue, server=box.server)
    client = signed_in("support")
    with django_assert_max_num_queries(MOST_QUERIES):
        assert client.get(reverse("support:sheet", args=[box.queue_id])).status_code == 200
