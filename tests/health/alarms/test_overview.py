"""The start page: what is broken and since when, how many of what, what a new set-up lacks."""

import re
import uuid
from datetime import timedelta
from html import unescape

import pytest
from django.contrib.auth.models import Group, Permission
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from configurator.accounts.models import User
from health.acknowledgements.services import acknowledge
from health.alarms.models import Alarm
from health.alarms.services import reconcile as reconcile_alarms
from health.alarms.services.warnings import WarningSubject
from health.findings.services import reconcile
from health.problems.problems import SHOWN
from tests.health.alarms.standings import addresses_of, breaks, warns, works
from tests.people import ACTOR, As, address, incoming, outgoing, queue
from tokenchecks.models import Watch
from tokenchecks.services.queue import check_now
from tokenchecks.subjects.targets import targets_of

MOST_QUERIES = 12


def text_of(client_text: bytes) -> str:
    """Return the page as text on one line."""
    return " ".join(client_text.decode().split())


def section(page: str, name: str) -> str:
    """Return one section of the page."""
    return page.partition(f'id="{name}-title"')[2].partition("</section>")[0]


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


def test_a_cause_lasts_no_longer_than_it_does(signed_in: As) -> None:
    """What was broken long before for another cause dates neither its group nor its alarm back."""
    server = incoming(name="Contoso support")
    red, well = addresses_of(server, 2)
    breaks([red], "mailbox_unknown")
    Watch.objects.update(since=timezone.now() - timedelta(days=21))
    breaks([red, well])
    reconcile_alarms()

    page = text_of(signed_in("support").get("/").content)

    assert ">less than a minute</time>" in section(page, "troubles")
    assert "weeks" not in section(page, "troubles")
    assert timezone.now() - Alarm.objects.get(cause="secret_expired").since < timedelta(minutes=1)


def test_it_names_a_cause_once_with_all_that_it_stops(signed_in: As) -> None:
    """One line for a server and its addresses, with the numbers; an acknowledged warning has none."""
    server = incoming(name="Contoso support")
    boxes = addresses_of(server, 31, queues=9)
    breaks([server, *boxes])

    page = text_of(signed_in("support").get("/").content)

    assert section(page, "troubles").count("<tr data-href") == 1
    assert "Contoso support" in page
    assert re.search(r">9 queues</a>, <a [^>]+>31 addresses</a>", page)
    assert ">32 broken</a>" in page


def test_causes_of_several_places_lead_to_their_list(signed_in: As) -> None:
    """To that of all that shares the cause, since the page says how many they are."""
    server = incoming(name="Alpha")
    other = incoming(name="Beta", secret="another~secret~of-the-app")
    breaks([*addresses_of(server, 2), *addresses_of(other, 2)], "mailbox_unknown")

    page = text_of(signed_in("support").get("/").content)
    for row in (server, other):
        of_row = f"/alarms/troubles/?status=broken&amp;cause=mailbox_unknown&amp;scope=server%3A{row.pk}"
        assert f'<a href="{of_row}">2 addresses of {row.name}</a>' in page

    breaks([server, other], "net_dns")
    page = text_of(signed_in("support").get("/").content)
    assert "Alpha and 1 more server" in page
    assert 'data-href="/alarms/troubles/?status=broken&amp;cause=net_dns&amp;scope="' in page


def test_a_servers_warning_and_the_mailboxes_that_it_breaks_are_one_line(signed_in: As) -> None:
    """An app without a right, and Exchange that refuses it; the warning of another server has a line of its own."""
    box = address(server=incoming(name="Billing"))
    warns([box.server, incoming(name="Elsewhere", secret="another~secret")], "role_missing")
    breaks([box], "permission_denied")

    troubles = section(text_of(signed_in("support").get("/").content), "troubles")

    assert troubles.count("<tr data-href") == 2
    assert "Billing: The token carries no right to the mailboxes" in troubles
    assert ">Elsewhere</a>" in troubles


@pytest.mark.parametrize(("days", "said"), [(9, "9 days left"), (-2, "expired"), (60, "60 days left")])
def test_it_warns_of_secrets_that_end(signed_in: As, days: int, said: str) -> None:
    """By the day, with what stops then; what lasts longer than 60 days is not mentioned."""
    ends = timezone.localdate() + timedelta(days=days)
    addresses_of(incoming(name="Alpha", secret_expires_on=ends), 3, queues=2)
    incoming(name="Beta", secret="another~secret", secret_expires_on=timezone.localdate() + timedelta(days=61))

    ending = section(text_of(signed_in("support").get("/").content), "ending")

    assert said in ending
    assert ending.count("<tr data-href") == 1
    assert f'<a href="/queues/impact/?on={ends}">1 secret, of Alpha</a>' in ending
    assert re.search(r">2 queues</a>, <a [^>]+>3 addresses</a>", ending)


def test_it_says_what_changed_and_how_the_checks_themselves_are(signed_in: As) -> None:
    """Who did what, the last check, and that nobody asked the rules yet."""
    server = incoming(name="Alpha")
    works([server])

    page = text_of(signed_in("support").get("/").content)

    assert re.search("tests</div>.+Created</div>.+Alpha", section(page, "changes"))
    health = section(page, "health")
    assert "just now</time>" in health
    assert "not seen yet" in health
    reconcile()
    assert "not seen yet" not in text_of(signed_in("support").get("/").content)


def test_what_a_user_may_not_view_is_absent(signed_in: As) -> None:
    """Of who may view queues alone: addresses and what stops with them, without the servers' names."""
    server = incoming(name="Secret project", secret_expires_on=timezone.localdate() + timedelta(days=9))
    boxes = addresses_of(server, 2)
    breaks([server, *boxes])
    reconcile()
    client = signed_in("support")
    viewer = Group.objects.create(name="Queue viewer")
    viewer.permissions.set([Permission.objects.get(codename="view_queue")])
    User.objects.get(username="support").groups.set([viewer])

    page = text_of(client.get("/").content)

    assert "2 addresses" in page
    assert "Secret project" not in page
    assert all(f'id="{title}-title"' not in page for title in ("ending", "changes", "health"))
    assert "/token-checks/?" not in page


NUMBER = re.compile(r'<a href="([^"#]+)">\s*([\d,]+) ?([^<]*)')


def figures_on(page: str) -> list[tuple[str, int]]:
    """Return the address and the number of each link that begins with a number."""
    return [(unescape(url), int(number.replace(",", ""))) for url, number, _ in NUMBER.findall(page)]


def rows_in(page: str) -> int:
    """Return how many rows the list says it has."""
    paged = re.search(r"<span>\d+ to \d+ of ([\d,]+)</span>", page)
    return int(paged[1].replace(",", "")) if paged else len(re.findall(r"<tr ", page.partition("<tbody>")[2]))


def test_each_figure_leads_to_a_list_that_shows_as_many(signed_in: As) -> None:
    """Whoever looks; with servers that share a secret, several causes, acknowledged warnings and disabled queues."""
    today = timezone.localdate()
    shared = {"client_id": uuid.uuid4(), "secret": "shared~secret~of-the-app"}
    first = incoming(name="Alpha", secret_expires_on=today + timedelta(days=20), **shared)
    second = incoming(name="Beta", secret_expires_on=today + timedelta(days=9), **shared)
    third = incoming(name="Gamma", secret="other~secret", secret_expires_on=today + timedelta(days=9))
    alone = incoming(name="Delta", secret="fourth~secret")
    boxes = {server.name: addresses_of(server, 3, queues=2) for server in (first, second, third, alone)}
    off = queue(name="Off", enabled=False)
    address(queue=off, server=first)
    breaks([first, second, *boxes["Alpha"], *boxes["Beta"]])
    breaks(boxes["Gamma"], "mailbox_unknown")
    warns([alone, *boxes["Delta"]])
    known = WarningSubject("address", boxes["Delta"][0].pk)
    acknowledge(actor=ACTOR, subject=known, reason="known", until=today)
    breaks([outgoing()], "net_dns")
    check_now(actor=ACTOR, targets=targets_of("incoming_server", third.pk))
    Watch.objects.filter(subject_id=alone.pk).update(due_at=timezone.now() - timedelta(hours=3))
    reconcile()

    for who in ("superuser", "support", "queues"):
        client = signed_in(who)
        found = figures_on(text_of(client.get("/").content))
        assert len(found) > (25 if who != "queues" else 20)
        for url, number in found:
            if url != "/e-mail-settings/outgoing/":
                assert (url, rows_in(text_of(client.get(url).content))) == (url, number)


def test_it_takes_few_queries_whatever_is_broken(
    signed_in: As, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """The same for one broken address as for one cause more than are shown; then the list of all is named."""
    home = queue()
    for number in range(SHOWN + 1):
        server = incoming(name=f"Server {number}", secret=f"secret~number~{number}-of-the-app")
        breaks([server, address(queue=home, server=server)], times=1)
    client = signed_in("superuser")
    with django_assert_max_num_queries(MOST_QUERIES):
        page = text_of(client.get("/").content)
    assert section(page, "troubles").count("<tr data-href") == SHOWN
    assert "All that needs mending" in section(page, "troubles")


def test_no_more_is_named_where_all_that_needs_mending_is_shown(signed_in: As) -> None:
    """A link to the list of all would lead to the same rows; one warning more, and it leads on."""
    for number in range(SHOWN):
        breaks([incoming(name=f"Server {number}", secret=f"secret~number~{number}-of-the-app")], times=1)
    client = signed_in("superuser")
    page = section(text_of(client.get("/").content), "troubles")
    assert page.count("<tr data-href") == SHOWN
    assert "All that needs mending" not in page

    warns([incoming(name="Server warned of")])
    page = section(text_of(client.get("/").content), "troubles")
    assert page.count("<tr data-href") == SHOWN
    assert "Server warned of" not in page
    assert "All that needs mending" in page
