"""The banner on every page: what it says, to whom, and what it costs."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from health.alarms import services
from health.problems.banner import Banner, banner_for, secrets_end
from tests.health.alarms.standings import addresses_of, breaks, warns
from tests.health.alarms.test_expiring import in_days
from tests.people import As, address, incoming, person
from tokenchecks.models import Watch

pytestmark = pytest.mark.django_db


def texts(username: str) -> list[str]:
    """Return what the banner says to the user."""
    return [part.text for part in banner_for(person(username)).parts]


def test_while_all_is_well_it_says_nothing(signed_in: As) -> None:
    incoming()

    assert banner_for(person("support")) == Banner(url="/alarms/")
    assert b'class="banner"' not in signed_in("support").get("/queues/").content


def test_it_counts_what_is_broken_warned_of_and_ending(signed_in: As) -> None:
    box = address(server=incoming(secret_expires_on=in_days(9)))
    breaks([box.server], times=1)
    warns([box])
    services.reconcile()

    assert texts("support") == ["1 broken", "1 warning", "1 secret ends in 9 days"]
    page = signed_in("support").get("/queues/").content.decode()
    assert 'href="/token-checks/?status=broken"' in page
    assert 'href="/alarms/?state=open&amp;topic=expiry"' in page


@pytest.mark.parametrize(
    ("number", "left", "said"),
    [
        (1, 1, "1 secret ends in 1 day"),
        (1, 0, "1 secret ends today"),
        (1, -3, "1 secret has ended"),
        (4, 9, "4 secrets end, the first in 9 days"),
        (1200, -1, "999+ secrets end, the first has ended"),
    ],
)
def test_it_says_when_secrets_end(number: int, left: int, said: str) -> None:
    assert secrets_end(number, left) == said


def test_it_says_no_more_than_the_user_may_view(signed_in: As) -> None:
    box = address()
    breaks([box.server, box])
    user = person("support")
    role = Group.objects.create(name="Queues only")
    role.permissions.set(Group.objects.get(name="Support").permissions.filter(codename__in=["view_queue"]))
    user.groups.set([role])

    banner = banner_for(type(user).objects.get(pk=user.pk))

    assert [part.text for part in banner.parts] == ["1 broken"]
    assert banner.url == "/"


def test_nobody_reads_it_before_the_sign_in() -> None:
    breaks([incoming()])

    assert "broken" not in Client().get("/sign-in/").content.decode()


def test_it_costs_one_query_and_counts_only_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    user = person("support")
    user.may("queue.view")
    server = incoming()
    costs = []
    for count in (1, 30):
        breaks(addresses_of(server, count), times=1)
        with CaptureQueriesContext(connection) as made:
            banner_for(user)
        costs.append(len(made))
    assert costs == [1, 1]

    monkeypatch.setattr("health.problems.banner.MOST", 20)
    assert texts("support") == ["20+ broken"]


def test_what_is_not_watched_does_not_count() -> None:
    """A queue that is switched off keeps what it was, and stops nothing."""
    breaks([address()])
    Watch.objects.update(due_at=None)

    assert texts("support") == []
