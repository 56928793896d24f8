"""A queue's page: create, edit, copy, delete, effective values and two editors."""

import html
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from configurator.vault.models import SealedSecret
from queues.models import Queue, QueueAddress
from tests.people import As, address, incoming, queue
from tests.queues.typed import QUEUE
from tests.trail import trailed


def page(client: Client, item: Queue, **typed: Any) -> Any:
    """Save the queue's page with these values in place of right ones."""
    return client.post(item.get_absolute_url(), QUEUE | {"version": item.version} | typed)


def test_it_creates_a_queue_with_one_event(admin: Client) -> None:
    with trailed() as events:
        response = admin.post(reverse("queues:queue_new"), QUEUE | {"language": "de", "preferred_agent": "0"})

    created = Queue.objects.get()
    assert response["Location"] == created.get_absolute_url()
    assert (created.name, created.language, created.preferred_agent, created.required_agent) == (
        "Support",
        "de",
        0,
        None,
    )
    assert [(event.action, event.kind, event.request_id) for event in events] == [
        ("created", "queue", response["X-Request-Id"])
    ]


def test_it_edits_a_queue_and_records_what_changed(admin: Client) -> None:
    item = queue()

    with trailed() as events:
        assert page(admin, item, priority="5", description="Mail of all kinds").status_code == 302

    assert [event.after for event in events] == [{"description": "Mail of all kinds", "priority": 5}]
    assert [event.before for event in events] == [{"description": "", "priority": 1}]


def test_the_second_of_two_editors_sees_both_versions_and_may_save_over(admin: Client) -> None:
    item = queue()
    page(admin, item, priority="5")

    second = page(admin, item, priority="7")

    assert second.status_code == 409
    assert ("Priority", "7", "5") in [(side.label, side.typed, side.stored) for side in second.context["sides"]]
    assert page(admin, item, priority="7", version=second.context["form"]["version"].value()).status_code == 302
    assert Queue.objects.get().priority == 7


def test_a_copy_takes_the_ticked_parts_and_no_address(admin: Client) -> None:
    source = queue(priority=9, description="Source", max_email_kb=100)
    address(queue=source)
    asked = {"copy": str(source.pk), "name": "A copy", "part": ["contact", "basics"]}

    form = admin.get(reverse("queues:queue_new"), asked).context["form"]
    values = {name: form[name].value() for name in ("name", "priority", "description", "max_email_kb")}

    assert values == {"name": "A copy", "priority": 9, "description": "Source", "max_email_kb": None}
    admin.post(reverse("queues:queue_new"), QUEUE | {"name": "A copy"})
    assert Queue.objects.get(name="A copy").addresses.count() == 0


def test_it_deletes_queue_addresses_and_passwords_with_an_event_each(admin: Client) -> None:
    item = queue()
    server = incoming(authentication_type="oauth_user")
    for name in ("a", "b"):
        address(address=f"{name}@contoso.example", queue=item, server=server, password="pass-word")

    with trailed() as events:
        response = admin.post(reverse("queues:queue_delete", args=[item.pk]))

    assert response.status_code == 302
    assert not Queue.objects.exists()
    assert not QueueAddress.objects.exists()
    assert not SealedSecret.objects.exists()
    assert [(event.action, event.kind) for event in events] == [("deleted", "address")] * 2 + [("deleted", "queue")]


def test_extra_fields_change_nothing(admin: Client) -> None:
    item, other = queue(), queue(name="Other")

    page(admin, item, id=str(other.pk), changed_by="x", type="Phone Queue", severity="1", name="Renamed")

    saved = Queue.objects.get(pk=item.pk)
    assert (saved.name, saved.changed_by, saved.version) == ("Renamed", "admin", 2)
    assert Queue.objects.get(pk=other.pk).name == "Other"


def test_what_was_typed_stays_after_an_error(admin: Client) -> None:
    response = page(admin, queue(), name="Typed name", priority="0")

    assert response.status_code == 422
    assert 'value="Typed name"' in response.content.decode()
    assert 'value="0"' in response.content.decode()


@pytest.mark.parametrize(
    ("own", "of_queue", "effective", "origin"),
    [
        (5, 10, 5, "this address"),
        (None, 10, 10, "the queue's Contact Management"),
        (None, 1, 1, "the queue's Contact Management"),
    ],
)
def test_priority_and_its_origin(own: int | None, of_queue: int, effective: int, origin: str, admin: Client) -> None:
    item = address(priority=own, queue=queue(priority=of_queue))

    shown = html.unescape(admin.get(item.queue.get_absolute_url()).content.decode())

    assert (item.effective_priority.value, item.effective_priority.origin) == (effective, origin)
    assert f"from {origin}" in shown


@pytest.mark.parametrize(
    ("own", "of_queue", "effective", "origin"),
    [
        ("fr", "de", "fr", "this address"),
        ("", "de", "de", "the queue"),
        ("", "", "en", "system default"),
    ],
)
def test_language_and_its_origin(own: str, of_queue: str, effective: str, origin: str, admin: Client) -> None:
    item = address(extension_language=own, queue=queue(language=of_queue))

    shown = html.unescape(admin.get(item.queue.get_absolute_url()).content.decode())

    assert (item.effective_language.value, item.effective_language.origin) == (effective, origin)
    assert f"from {origin}" in shown


def test_it_links_to_the_roles_for_those_alone_who_may_view_them(signed_in: As) -> None:
    url = queue().get_absolute_url()
    link = f'href="{reverse("console:role_list")}">Roles'
    block = "Rights are given to roles"
    for username, may in (("support", True), ("queues", False)):
        said = signed_in(username).get(url).content.decode().split(block)[1]
        assert (link in said.split("</p>")[0]) == may
