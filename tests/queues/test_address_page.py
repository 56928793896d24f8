"""The addresses on a queue's page: added, edited and deleted there, and what happens to their passwords."""

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from configurator.accounts.rights import permission
from configurator.vault.models import SealedSecret
from configurator.vault.services import open_sealed
from mailsettings.models import IncomingServer
from queues.models import Queue, QueueAddress
from queues.services import address_save
from tests.database import together
from tests.people import ACTOR, address, incoming, person, queue
from tests.queues.typed import ADDRESS, PASSWORD
from tests.trail import trailed

RETYPE = "Enter it again: the stored one was given for another account, server or tenant and is never sent elsewhere."


@pytest.fixture
def box(db: None) -> QueueAddress:
    """Return an OAuth User address with its password."""
    server = incoming(name="Personal boxes", authentication_type="oauth_user")
    return address(server=server, password=PASSWORD, **ADDRESS)


def add(client: Client, item: Queue, **typed: Any) -> Any:
    """Add an address to the queue."""
    return client.post(reverse("queues:address_new", args=[item.pk]), ADDRESS | typed)


def edit(client: Client, item: QueueAddress, **typed: Any) -> Any:
    """Save the address with these values in place of the stored ones; the password is left blank."""
    stored = {
        "address": item.address,
        "account": item.account,
        **({"sender": "on"} if item.sender else {}),
        "server": str(item.server_id),
        "version": item.version,
    }
    return client.post(reverse("queues:address", args=[item.queue_id, item.pk]), stored | typed)


def password_of(item: QueueAddress) -> str:
    """Return the stored password's text."""
    item = QueueAddress.objects.whole().get(pk=item.pk)
    assert item.password is not None
    return open_sealed(item.password, item.secret_context).reveal()


def test_it_adds_an_address_with_one_event(admin: Client) -> None:
    item, server = queue(), incoming()

    with trailed() as events:
        response = add(admin, item, server=server.pk, priority="5", sender="on")

    assert response["Location"] == f"{item.get_absolute_url()}#numbers-addresses"
    added = QueueAddress.objects.get()
    assert (added.queue, added.server, added.priority, added.address_key) == (item, server, 5, ADDRESS["address"])
    assert [(event.action, event.kind, event.request_id) for event in events] == [
        ("created", "address", response["X-Request-Id"])
    ]
    assert "password" not in events[0].after


def test_a_password_is_stored_sealed_and_recorded_as_set(admin: Client) -> None:
    item, server = queue(), incoming(authentication_type="oauth_user")

    with trailed() as events:
        add(admin, item, server=server.pk, password=PASSWORD)

    assert password_of(QueueAddress.objects.get()) == PASSWORD
    assert [event.after["password"] for event in events] == ["set"]


def test_a_blank_password_keeps_the_stored_one(admin: Client, box: QueueAddress) -> None:
    with trailed() as events:
        assert edit(admin, box, priority="3").status_code == 302

    assert password_of(box) == PASSWORD
    assert [event.after for event in events] == [{"priority": 3}]


def test_a_new_password_replaces_the_old(admin: Client, box: QueueAddress) -> None:
    with trailed() as events:
        edit(admin, box, password="n3w-pass")

    assert password_of(box) == "n3w-pass"
    assert [event.after for event in events] == [{"password": "changed"}]
    assert SealedSecret.objects.count() == 1


def test_the_password_is_typed_again_for_another_account(admin: Client, box: QueueAddress) -> None:
    refused = edit(admin, box, account="other@contoso.example")

    assert refused.status_code == 422
    assert refused.context["address_form"].errors["password"] == [RETYPE]
    assert edit(admin, box, account="other@contoso.example", password=PASSWORD).status_code == 302


@pytest.mark.parametrize("moved", [{}, {"tenant_id": uuid.uuid4()}], ids=["server", "tenant"])
def test_the_password_is_typed_again_for_another_server(
    admin: Client, box: QueueAddress, moved: dict[str, Any]
) -> None:
    server = incoming(name="Elsewhere", authentication_type="oauth_user", **moved)

    refused = edit(admin, box, server=str(server.pk))

    assert refused.context["address_form"].errors["password"] == [RETYPE]
    assert edit(admin, box, server=str(server.pk), password=PASSWORD).status_code == 302


def test_another_spelling_of_the_account_needs_no_password(admin: Client, box: QueueAddress) -> None:
    assert edit(admin, box, account=box.account.upper()).status_code == 302
    assert password_of(box) == PASSWORD


def test_moving_to_an_oauth_service_server_wipes_the_password(admin: Client, box: QueueAddress) -> None:
    service = incoming(name="Service")

    with trailed() as events:
        assert edit(admin, box, server=str(service.pk)).status_code == 302

    assert SealedSecret.objects.filter(table="queues_queueaddress").count() == 0
    assert events[0].after["password"] == "removed"


def test_a_refused_form_keeps_what_was_typed_but_no_password(admin: Client) -> None:
    server = incoming(authentication_type="oauth_user")

    response = add(admin, queue(), server=server.pk, address="no address", sender="on", password=PASSWORD)

    assert response.status_code == 422
    assert 'value="no address"' in response.content.decode()
    assert response.context["address_form"]["sender"].value() is True
    assert PASSWORD not in response.content.decode()


def test_the_second_of_two_editors_sees_both_versions_and_may_save_over(admin: Client, box: QueueAddress) -> None:
    edit(admin, box, priority="3")

    second = edit(admin, box, priority="4")

    assert second.status_code == 409
    assert ("Priority", "4", "3") in [(side.label, side.typed, side.stored) for side in second.context["sides"]]
    assert edit(admin, box, priority="4", version=second.context["address_form"]["version"].value()).status_code == 302


def test_an_address_belongs_to_its_queue_alone(admin: Client, box: QueueAddress) -> None:
    other = queue(name="Other")

    for name in ("address", "address_delete"):
        assert admin.post(reverse(f"queues:{name}", args=[other.pk, box.pk])).status_code == 404
    assert QueueAddress.objects.filter(pk=box.pk).exists()


def test_extra_fields_change_nothing(admin: Client, box: QueueAddress) -> None:
    other = queue(name="Other")

    edit(
        admin,
        box,
        queue=str(other.pk),
        id=str(uuid.uuid4()),
        address_key="x",
        status="ok",
        password_id="",
        priority="2",
    )

    saved = QueueAddress.objects.get()
    assert (saved.pk, saved.queue_id, saved.address_key) == (box.pk, box.queue_id, ADDRESS["address"])
    assert (saved.status, saved.priority) == ("unchecked", 2)
    assert password_of(box) == PASSWORD


def test_it_deletes_an_address_and_its_password(admin: Client, box: QueueAddress) -> None:
    with trailed() as events:
        response = admin.post(reverse("queues:address_delete", args=[box.queue_id, box.pk]))

    assert response.status_code == 302
    assert not QueueAddress.objects.exists()
    assert not SealedSecret.objects.filter(table="queues_queueaddress").exists()
    assert [(event.action, event.before["password"]) for event in events] == [("deleted", "set")]


def test_the_form_of_an_address_opens_on_the_queue_page(admin: Client, box: QueueAddress) -> None:
    known = admin.get(box.edit_url.partition("#")[0])
    new = admin.get(box.queue.get_absolute_url() + "?address=new")
    nonsense = admin.get(box.queue.get_absolute_url() + f"?address={uuid.uuid4()}")

    assert known.context["address_form"].instance == box
    assert PASSWORD not in known.content.decode()
    assert new.context["address_form"].instance._state.adding
    assert nonsense.context["address_form"] is None


def test_two_at_once_put_an_address_on_one_queue(transactional_db: None) -> None:
    server = incoming()
    told: list[str] = []

    def put(name: str) -> None:
        item = QueueAddress(queue=Queue.objects.get(name=name), server=server, **ADDRESS)
        try:
            address_save(actor=ACTOR, address=item)
        except ValidationError as error:
            told.extend(error.message_dict["address"])

    queue(name="First")
    queue(name="Second")
    together(lambda: put("First"), lambda: put("Second"))

    assert QueueAddress.objects.count() == 1
    assert len(told) == 1
    assert f"already on the queue {QueueAddress.objects.get().queue.name}" in told[0]


def test_the_list_of_servers_holds_what_the_user_may_view(box: QueueAddress) -> None:
    incoming(name="Unseen")
    person("queues").groups.set([])
    client = Client()
    client.force_login(person("queues"))
    allow("queues", "queue.view", "queue.modify")

    form = client.get(box.edit_url.partition("#")[0]).context["address_form"]

    assert list(form.fields["server"].queryset) == [box.server]
    assert edit(client, box, server=str(IncomingServer.objects.get(name="Unseen").pk)).status_code == 422
    assert edit(client, box, priority="2").status_code == 302


def allow(username: str, *rights: str) -> None:
    """Give the user a role of his own with these rights alone."""
    role = Group.objects.create(name="Queues without servers")
    names = [permission(right).partition(".")[2] for right in rights]
    role.permissions.set(Permission.objects.filter(codename__in=names))
    person(username).groups.set([role])
