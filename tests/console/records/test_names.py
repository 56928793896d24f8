"""Names that read the same are pointed out once they are saved, whatever goes by them."""

import html
from collections.abc import Mapping

import pytest
from django.test import Client
from django.urls import reverse

from configurator.accounts.models import QueueGroup, Role, User
from configurator.console.records.names import fill_keys
from mailsettings.models import IncomingServer
from queues.models import Queue
from tests.mailsettings.typed import INCOMING
from tests.people import As, incoming, queue
from tests.queues.typed import QUEUE

pytestmark = pytest.mark.django_db
TWIN = "There is “Customer Service UK” too, which reads the same. "
FIRST = "The 1st sign here is a Cyrillic capital letter es (U+0421), which looks like “C”."


def said(client: Client, url: str, typed: Mapping[str, object]) -> str:
    """Save, and return what the page says then."""
    return html.unescape(client.post(reverse(url), typed, follow=True).content.decode())


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("\u0421ustomer Service UK", FIRST),
        ("Customer Service \uff35K", "The 18th sign here is a fullwidth Latin capital letter u (U+FF35)"),
        ("Customer service UK", "Capitals or blanks alone tell them apart."),
        ("Customer  Service UK", "Capitals or blanks alone tell them apart."),
    ],
)
def test_a_queue_that_reads_as_another_is_pointed_out(name: str, why: str, signed_in: As) -> None:
    queue(name="Customer Service UK")
    assert f"{TWIN}{why}" in said(signed_in("admin"), "queues:queue_new", QUEUE | {"name": name})


def test_a_server_that_reads_as_another_is_pointed_out(signed_in: As) -> None:
    incoming(name="Customer Service UK")
    page = said(signed_in("admin"), "mailsettings:incoming_new", INCOMING | {"name": "\u0421ustomer Service UK"})
    assert TWIN + FIRST in page
    assert IncomingServer.objects.count() == 2


def test_people_roles_and_groups_are_pointed_out(signed_in: As) -> None:
    client = signed_in("superuser")
    QueueGroup.objects.create(name="Customer Service UK")
    Role.objects.create(name="Customer Service UK")
    User.objects.create(username="lee")

    assert TWIN + FIRST in said(client, "console:queue_group_new", {"name": "\u0421ustomer Service UK"})
    assert TWIN + FIRST in said(client, "console:role_new", {"name": "\u0421ustomer Service UK"})
    password = "a l0ng initial pass"
    person = {"username": "l\u0435e", "is_active": "on", "password1": password, "password2": password}
    assert "There is “lee” too, which reads the same." in said(client, "console:user_new", person)


def test_nothing_is_said_of_other_names(signed_in: As) -> None:
    queue(name="Customer Service UK")
    assert "reads the same" not in said(signed_in("admin"), "queues:queue_new", QUEUE | {"name": "Customer Service US"})


def test_stored_names_get_their_keys() -> None:
    item = queue(name="Customer\u3000Service UK")
    Queue.objects.update(name_key="")
    fill_keys(Queue)
    item.refresh_from_db()
    assert item.name_key == "customer service uk"


def test_what_is_not_seen_is_dropped_from_a_name(signed_in: As) -> None:
    said(signed_in("admin"), "queues:queue_new", QUEUE | {"name": "Cus\u200btomer\u00a0Service\u202f UK\ufeff"})
    assert Queue.objects.get().name == "Customer Service  UK"


def test_lines_count_as_the_browser_counts_them(signed_in: As) -> None:
    text = "\r\n".join(["x" * 199] * 10)
    said(signed_in("admin"), "queues:queue_new", QUEUE | {"description": text + "x"})
    assert Queue.objects.get().description == "\n".join(["x" * 199] * 10) + "x"
