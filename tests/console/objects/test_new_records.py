"""A form that is sent again creates nothing more, and loses nothing that was typed since."""

import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.urls import reverse

from configurator.accounts.models import QueueGroup, Role, User
from configurator.audit.models import AuditEvent
from imports.models import Import
from mailsettings.models import IncomingServer, OutgoingServer
from queues.models import Queue, QueueAddress
from tests.mailsettings.typed import INCOMING, OUTGOING
from tests.people import As, incoming, queue
from tests.queues.typed import ADDRESS, QUEUE

USER = {"username": "kim", "is_active": "on", "password1": "wet-paint-on-the-north-gate",
        "password2": "wet-paint-on-the-north-gate"}  # fmt: skip


def address_page() -> tuple[str, str, dict[str, Any]]:
    """Store a queue and a server; return where the form of a new address is, where it goes, and what is typed."""
    item = queue()
    where = reverse("queues:address_new", args=[item.pk])
    return f"{item.get_absolute_url()}?address=new", where, ADDRESS | {"server": str(incoming().pk)}


def page(name: str, typed: dict[str, Any]) -> Callable[[], tuple[str, str, dict[str, Any]]]:
    """Return the same of a page that has one address for both."""
    return lambda: (reverse(name), reverse(name), typed)


FORMS: dict[str, tuple[type[Any], Callable[[], tuple[str, str, dict[str, Any]]]]] = {
    "incoming server": (IncomingServer, page("mailsettings:incoming_new", INCOMING)),
    "queue": (Queue, page("queues:queue_new", QUEUE)),
    "address": (QueueAddress, address_page),
    "user": (User, page("console:user_new", USER)),
    "role": (Role, page("console:role_new", {"name": "Night shift", "queue": ["view"]})),
    "queue group": (QueueGroup, page("console:queue_group_new", {"name": "North"})),
}


def carried(client: Client, url: str) -> dict[str, str]:
    """Return the hidden id of the form on the page."""
    found = re.search(r'name="new_id" value="([^"]+)"', client.get(url).content.decode())
    assert found
    return {"new_id": found[1]}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", FORMS)
def test_the_second_answer_is_the_first_and_one_record_is_there(signed_in: As, kind: str) -> None:
    model, described = FORMS[kind]
    client, (shown, where, typed) = signed_in("superuser"), described()
    before, body = model.objects.count(), typed | carried(client, shown)
    first = client.post(where, body)
    events = AuditEvent.objects.count()
    second = client.post(where, body)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    assert model.objects.count() == before + 1
    assert AuditEvent.objects.count() == events


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", FORMS)
def test_six_at_once_make_one_record(signed_in: As, kind: str) -> None:
    model, described = FORMS[kind]
    client, (shown, where, typed) = signed_in("superuser"), described()
    before, body = model.objects.count(), typed | carried(client, shown)
    answers: list[int] = []
    start = threading.Barrier(6)

    def send() -> None:
        own = Client()
        own.cookies = client.cookies
        start.wait()
        answers.append(own.post(where, body).status_code)
        connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [302] * 6
    assert model.objects.count() == before + 1


@pytest.mark.django_db
def test_what_was_typed_since_is_kept_and_can_be_saved_as_another(signed_in: As) -> None:
    client = signed_in("superuser")
    where = reverse("queues:queue_new")
    body = QUEUE | carried(client, where)
    client.post(where, body)
    again = client.post(where, body | {"name": "Sales"})
    assert again.status_code == 409
    page = again.content.decode()
    assert "This form was saved already, as “Support”" in page
    assert 'value="Sales"' in page
    found = re.search(r'name="new_id" value="([^"]+)"', page)
    assert found
    assert client.post(where, body | {"name": "Sales", "new_id": found[1]}).status_code == 302
    assert sorted(Queue.objects.values_list("name", flat=True)) == ["Sales", "Support"]


@pytest.mark.django_db
def test_an_id_that_was_signed_for_somebody_else_counts_for_nothing(signed_in: As) -> None:
    where = reverse("queues:queue_new")
    body = QUEUE | carried(signed_in("superuser"), where)
    assert signed_in("superuser").post(where, body).status_code == 302
    assert signed_in("queues").post(where, body).status_code == 302
    assert Queue.objects.count() == 2


@pytest.mark.django_db
def test_an_edit_that_is_sent_twice_is_no_conflict_with_oneself(signed_in: As) -> None:
    item = queue()
    client = signed_in("superuser")
    body = QUEUE | {"name": "Sales", "version": "1"}
    assert client.post(item.get_absolute_url(), body).status_code == 302
    assert client.post(item.get_absolute_url(), body).status_code == 302
    assert client.post(item.get_absolute_url(), body | {"name": "Orders"}).status_code == 409
    assert signed_in("queues").post(item.get_absolute_url(), body).status_code == 409
    assert Queue.objects.get().version == 2


@pytest.mark.django_db
def test_the_outgoing_server_that_is_sent_twice_is_saved_once(signed_in: As) -> None:
    client = signed_in("superuser")
    where = reverse("mailsettings:outgoing")
    assert [client.post(where, OUTGOING).status_code for _ in range(2)] == [302, 302]
    assert OutgoingServer.objects.get().version == 1


@pytest.mark.django_db
def test_a_file_that_is_sent_twice_is_one_import_and_another_file_is_another(signed_in: As) -> None:
    client, where = signed_in("superuser"), reverse("imports:new")
    fields = {"kind": "queue"} | carried(client, where)
    first, second = (
        client.post(where, fields | {"file": SimpleUploadedFile("queues.csv", b"Name\nA\n")})["Location"]
        for _ in range(2)
    )
    other = client.post(where, fields | {"file": SimpleUploadedFile("more.csv", b"Name\nB\n")})["Location"]
    assert first == second != other
    assert Import.objects.count() == 2
