"""Secrets and Impact: which queues and addresses stop with which secret, and when."""

import re
import uuid
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mailsettings.models import IncomingServer, OutgoingServer
from queues.models import QueueAddress
from tests.people import As, address, incoming, outgoing, person, queue

pytestmark = pytest.mark.django_db
APP = uuid.UUID("1b671a64-40d5-491e-99b0-da01ff1f3341")
LIST = "queues:secret_list"
MOST = 13


def ends(days: int) -> date:
    """Return the date so many days from today."""
    return timezone.localdate() + timedelta(days=days)


def page(client: Client, path: str) -> str:
    """Return the page as text on one line, tags left out."""
    answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split())


def listed(client: Client, **asked: str) -> list[str]:
    """Return the rows of the list, each as text."""
    answer = client.get(reverse(LIST), asked)
    assert answer.status_code == 200
    rows = re.findall(r"<tr[^>]*data-href.*?</tr>", answer.content.decode(), re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", " ", row).split()) for row in rows]


def shared(days: int = 9) -> list[IncomingServer]:
    """Store two servers with the same client ID and secret, the second entered with a later date."""
    return [
        incoming(name=name, client_id=APP, secret="one~and-the-same-secret", secret_expires_on=ends(days + more))
        for name, more in (("Sales", 0), ("Service", 3))
    ]


def test_servers_with_one_secret_are_one_row_that_counts_each_queue_once(signed_in: As) -> None:
    first, second = shared()
    home = queue(name="Both")
    address(queue=home, server=first)
    address(queue=home, server=second)
    address(server=second)
    (row,) = listed(signed_in("support"))

    assert "Sales shared with Service" in row
    assert f"{ends(9)} 9 days left" in row
    assert row.endswith("2 3")


def test_the_same_app_with_two_secrets_is_two_rows(signed_in: As) -> None:
    incoming(name="Old", client_id=APP, secret="the~first-secret")
    incoming(name="New", client_id=APP, secret="the~second-secret")
    assert len(listed(signed_in("support"))) == 2


def test_the_soonest_end_comes_first_and_what_has_none_last(signed_in: As) -> None:
    for name, days in (("Later", 90), ("Ended", -3), ("Soon", 5)):
        incoming(name=name, secret_expires_on=ends(days))
    incoming(name="No date")
    incoming(name="Personal", authentication_type="oauth_user")
    rows = listed(signed_in("support"))

    assert [next(name for name in ("Ended", "Soon", "Later") if name in row) for row in rows[:3]] == [
        "Ended",
        "Soon",
        "Later",
    ]
    assert "expired" in rows[0]
    assert any("No secret: OAuth User" in row for row in rows[3:])


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"ends": "0"}, ["Ended"]),
        ({"ends": "30"}, ["Ended", "Soon"]),
        ({"ends": "unknown"}, ["No date"]),
        ({"q": "soo"}, ["Soon"]),
        ({"q": "nothing like it"}, []),
        ({"sort": "-ends_on"}, ["Soon", "Ended"]),
    ],
)
def test_it_is_searched_filtered_and_sorted(signed_in: As, asked: dict[str, str], found: list[str]) -> None:
    incoming(name="Ended", secret_expires_on=ends(-3))
    incoming(name="Soon", secret_expires_on=ends(5))
    incoming(name="No date")
    incoming(name="Personal", authentication_type="oauth_user")
    rows = listed(signed_in("support"), **asked)

    assert [name for row in rows for name in ("Ended", "Soon", "No date") if name in row][: len(found)] == found
    if "sort" not in asked:
        assert len(rows) == len(found)


def test_a_row_opens_to_what_stops(signed_in: As) -> None:
    """All addresses on the servers that share the secret, and on which date, the earlier where two were entered."""
    first, second = shared(days=9)
    address(server=first, address="sales@contoso.example")
    address(server=second, address="service@contoso.example")
    address(address="other@contoso.example")
    for server in (first, second):
        text = page(signed_in("support"), reverse("queues:impact", args=[server.pk]))
        assert f"On {ends(9)} 2 queues and 2 addresses stop, unless the secret is replaced before." in text
        assert "sales@contoso.example" in text
        assert "service@contoso.example" in text
        assert "other@contoso.example" not in text


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "When the secret ends, 1 queue and 1 address stop. Enter its date"),
        ({"secret_expires_on": date(2020, 1, 31)}, "The secret ended on 2020-01-31, and with it 1 queue and 1 address"),
        ({"authentication_type": "oauth_user"}, "1 queue and 1 address sign in with a password of their own each"),
    ],
)
def test_it_says_what_stops_when_in_each_case(signed_in: As, values: dict[str, object], said: str) -> None:
    server = incoming(**values)
    address(server=server, password="pass-word" if "authentication_type" in values else "")
    client = signed_in("support")

    assert said in page(client, reverse("queues:impact", args=[server.pk]))
    assert said in page(client, server.get_absolute_url())


def test_nothing_stops_with_what_nothing_uses(signed_in: As) -> None:
    assert "Nothing stops" in page(signed_in("support"), reverse("queues:impact", args=[incoming().pk]))


def test_the_outgoing_server_stops_all_that_is_sent(signed_in: As) -> None:
    outgoing()
    assert "when its secret ends, all mail that queues send stops" in page(signed_in("support"), reverse(LIST))
    OutgoingServer.objects.update(password_expires_on=ends(20))
    assert f"on {ends(20)} all mail that queues send stops" in page(signed_in("support"), reverse(LIST))


def test_a_server_with_many_addresses_lists_the_first_and_leads_to_all(signed_in: As) -> None:
    server, home = incoming(), queue()
    QueueAddress.objects.bulk_create(
        QueueAddress(queue=home, server=server, address=text, address_key=text, account=text)
        for text in (f"box-{number:03}@contoso.example" for number in range(120))
    )
    text = page(signed_in("admin"), server.get_absolute_url())

    assert "All 120 addresses" in text
    assert "box-099@contoso.example" in text
    assert "box-100@contoso.example" not in text


def test_who_may_view_no_queue_sees_no_addresses(signed_in: As) -> None:
    server = incoming()
    client = signed_in("support")
    role = person("support").groups.get()
    role.permissions.remove(*role.permissions.filter(content_type__model="queue"))

    assert client.get(reverse(LIST)).status_code == 200
    assert client.get(reverse("queues:impact", args=[server.pk])).status_code == 403


def test_no_secret_is_loaded_or_shown(signed_in: As) -> None:
    server = incoming(secret="canary~canary~canary")
    client = signed_in("admin")
    for path in (reverse(LIST), reverse("queues:impact", args=[server.pk])):
        with CaptureQueriesContext(connection) as made:
            answer = client.get(path)
        assert b"canary" not in answer.content
        assert not [query for query in made if '"envelope"' in query["sql"]]


def test_it_makes_as_many_queries_for_3_servers_as_for_30(signed_in: As) -> None:
    client = signed_in("admin")

    def counted(count: int) -> list[int]:
        for _ in range(count):
            address(server=incoming(secret_expires_on=ends(9)))
        known = IncomingServer.objects.first()
        assert known
        numbers = []
        for path in (reverse(LIST), reverse("queues:impact", args=[known.pk]), known.get_absolute_url()):
            client.get(path)
            with CaptureQueriesContext(connection) as made:
                client.get(path)
            numbers.append(len(made))
        return numbers

    few, many = counted(3), counted(27)
    assert few == many
    assert max(many) <= MOST
