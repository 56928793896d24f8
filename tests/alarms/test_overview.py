"""The start page: what is broken and since when, how many of what, what a new set-up lacks."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.alarms.standings import addresses_of, breaks, warns
from tests.people import As, address, incoming, outgoing, queue
from tokenchecks.models import Watch

EVERY_PAGE = 9


def text_of(client_text: bytes) -> str:
    """Return the page as text on one line."""
    return " ".join(client_text.decode().split())


def test_an_empty_console_says_what_to_do_next(signed_in: As) -> None:
    """Three steps with a button each for who may take them, without for who may not."""
    page = text_of(signed_in("admin").get("/").content)
    assert "What to do next" in page
    assert page.count('<a class="btn btn-secondary"') == 3
    assert '<a class="btn' not in text_of(signed_in("support").get("/").content)


def test_a_step_taken_is_ticked(signed_in: As) -> None:
    """One server alone leaves two steps; all three hide the list."""
    server = incoming()
    assert text_of(signed_in("admin").get("/").content).count('<a class="btn btn-secondary"') == 2
    outgoing()
    address(server=server)
    assert "What to do next" not in text_of(signed_in("admin").get("/").content)


def test_it_names_what_is_broken_and_for_how_long(signed_in: As) -> None:
    """Broken before warned of, each with its place and its link."""
    item = address(address="sales@contoso.example", queue=queue(name="Vertrieb"))
    breaks([item.server])
    warns([item])
    Watch.objects.update(since=timezone.now() - timedelta(hours=3))

    page = text_of(signed_in("support").get("/").content)

    assert page.index("The secret has expired") < page.index("sales@contoso.example")
    assert "sales@contoso.example of Vertrieb" in page
    assert ">3 hours</time>" in page
    assert f'data-href="{item.server.get_absolute_url()}"' in page


def test_it_names_a_cause_once_with_all_that_it_stops(signed_in: As) -> None:
    """One line for a server and its addresses, with the numbers; a dismissed warning has none."""
    server = incoming(name="Contoso support")
    boxes = addresses_of(server, 31, queues=9)
    breaks([server, *boxes])

    page = text_of(signed_in("support").get("/").content)

    assert page.count("<tr data-href") == 1
    assert "Contoso support" in page
    assert "9 queues, 31 addresses" in page


def test_causes_of_several_places_lead_to_their_list(signed_in: As) -> None:
    """Addresses of one server lead to it, those of several to the queues, servers to theirs."""
    server = incoming(name="Alpha")
    other = incoming(name="Beta", secret="another~secret~of-the-app")
    breaks([*addresses_of(server, 2), *addresses_of(other, 2)], "mailbox_unknown")

    page = text_of(signed_in("support").get("/").content)
    for row in (server, other):
        assert f'data-href="{row.get_absolute_url()}"' in page
        assert f"2 addresses of {row.name}" in page

    breaks([server, other], "net_dns")
    page = text_of(signed_in("support").get("/").content)
    assert "Alpha and 1 more server" in page
    assert 'data-href="/e-mail-settings/incoming/?status=broken"' in page


@pytest.mark.parametrize(("days", "said"), [(9, "9 days left"), (-2, "expired")])
def test_it_warns_of_secrets_that_end(signed_in: As, days: int, said: str) -> None:
    """Within 30 days, and past."""
    incoming(secret_expires_on=timezone.localdate() + timedelta(days=days))
    page = text_of(signed_in("support").get("/").content)
    assert "Secrets that end soon" in page
    assert said in page


def test_a_secret_that_lasts_is_not_mentioned(signed_in: As) -> None:
    """Beyond 30 days nothing is said."""
    incoming(secret_expires_on=timezone.localdate() + timedelta(days=31))
    assert "Secrets that end soon" not in text_of(signed_in("support").get("/").content)


def test_it_takes_few_queries_whatever_is_broken(
    signed_in: As, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """The same for one broken address as for thirty causes."""
    home = queue()
    for number in range(30):
        server = incoming(name=f"Server {number}", secret=f"secret~number~{number}-of-the-app")
        breaks([server, address(queue=home, server=server)], times=1)
    client = signed_in("superuser")
    with django_assert_max_num_queries(EVERY_PAGE):
        assert client.get("/").content.count(b"tr data-href") == 30
