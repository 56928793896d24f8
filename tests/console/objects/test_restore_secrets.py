"""What is said of secrets where an earlier version is put back, and what stays beside a refusal."""

import re
import uuid
from typing import Any

import pytest
from django.urls import reverse

from configurator.vault.text import Secret
from mailsettings.models import IncomingServer
from mailsettings.services import incoming_server_delete, incoming_server_save, outgoing_server_save
from queues.services import address_save
from tests.console.put_back import Fields, action_of, form_at, head, way
from tests.mailsettings.slots import FIRST, SECOND
from tests.people import ACTOR, As, address, incoming, outgoing
from tests.queues.typed import PASSWORD

pytestmark = pytest.mark.django_db


def told(page: str, label: str) -> tuple[str, ...] | None:
    """Return what the comparison says is stored in the field and put back into it, None where it leaves it out."""
    rows = re.findall(r'<tr class="differs">.*?<th scope="row">(.*?)</th>(.*?)</tr>', page, re.DOTALL)
    found = [tuple(re.findall(r'<div class="cell">(.*?)</div>', cells)) for name, cells in rows if name == label]
    return found[0] if found else None


def test_a_secret_that_was_replaced_is_told_of(signed_in: As) -> None:
    server, sender = incoming(name="First", secret=FIRST), outgoing(secret=FIRST)
    box = address(server=incoming(authentication_type="oauth_user"), password=PASSWORD)
    then = head()
    server.name = "Second"
    incoming_server_save(actor=ACTOR, server=server)
    client = signed_in("admin")
    assert told(form_at(client, way(client, server, then))[0], "Secret") is None

    incoming_server_save(actor=ACTOR, server=server, secret=Secret(SECOND))
    assert told(form_at(client, way(client, server, then))[0], "Secret") == ("set, changed since", "stays as stored")
    server.client_id = uuid.uuid4()
    incoming_server_save(actor=ACTOR, server=server, secret=Secret(SECOND))
    sender.tenant = "fabrikam.example"
    outgoing_server_save(actor=ACTOR, server=sender, password=Secret(SECOND))
    box.account = "another@contoso.example"
    address_save(actor=ACTOR, address=box, password=Secret("another password"))
    for row, label, form in (
        (server, "Secret", "record-form"),
        (sender, "Password", "record-form"),
        (box, "E-Mail Password", "address-form"),
    ):
        page = form_at(client, way(client, row, then), form)[0]
        assert told(page, label) == ("set, changed since", "enter it again: the destination changes")


def test_a_secret_that_is_not_there_any_more_is_told_of(signed_in: As) -> None:
    server, first, second = incoming(secret=FIRST), incoming(authentication_type="oauth_user"), incoming()
    box = address(server=first, password=PASSWORD)
    then = head()
    server.authentication_type = "oauth_user"
    incoming_server_save(actor=ACTOR, server=server)
    row: Any = box
    row.server = second
    address_save(actor=ACTOR, address=box)
    incoming_server_delete(actor=ACTOR, server=first)
    client = signed_in("admin")

    assert told(form_at(client, way(client, server, then))[0], "Secret") == ("–", "enter it again")
    page = form_at(client, way(client, box, then), "address-form")[0]
    assert told(page, "E-Mail Password") == ("–", "enter it again")


def help_of(page: str, field: str) -> str:
    """Return the help of the field."""
    found = re.search(rf'id="id_{field}_helptext"[^>]*>(.*?)</', page, re.DOTALL)
    return found[1] if found else ""


def elsewhere(kind: str) -> tuple[Any, int]:
    """Return a row whose secret goes elsewhere now, and the number of the last event before that."""
    if kind == "incoming":
        server = incoming(secret=FIRST)
        then, server.client_id = head(), uuid.uuid4()
        return incoming_server_save(actor=ACTOR, server=server, secret=Secret(SECOND)), then
    if kind == "outgoing":
        sender = outgoing(secret=FIRST)
        then, sender.tenant = head(), "fabrikam.example"
        return outgoing_server_save(actor=ACTOR, server=sender, password=Secret(SECOND)), then
    box = address(server=incoming(authentication_type="oauth_user"), password=PASSWORD)
    then, box.account = head(), "another@contoso.example"
    address_save(actor=ACTOR, address=box, password=Secret("another password"))
    return box, then


@pytest.mark.parametrize(
    ("kind", "form", "fields", "label"),
    [
        ("incoming", "record-form", ["secret"], "Secret"),
        ("outgoing", "record-form", ["password", "set_password"], "Password"),
        ("address", "address-form", ["address_password"], "E-Mail Password"),
    ],
)
def test_what_is_put_back_stays_beside_a_refused_secret(
    signed_in: As, kind: str, form: str, fields: list[str], label: str
) -> None:
    row, then = elsewhere(kind)
    client = signed_in("admin")

    page, sent = form_at(client, way(client, row, then), form)
    before = told(page, label)
    answer = client.post(action_of(page), sent)
    refused = answer.content.decode()

    assert answer.status_code == 422
    assert "Nothing was saved yet" in refused
    for said in (page, refused):
        assert "nothing is saved yet" in said
        assert said.count('<tr class="differs">') == 2
        assert told(said, label) == before
        for field in fields:
            assert f"Enter it again: the stored one was given for another {row.goes_to}" in help_of(said, field)
            assert "keep the stored one" not in help_of(said, field)
            assert "the stored one stays" not in help_of(said, field)
    typed = {"secret": FIRST} if kind == "incoming" else {"password": FIRST, "set_password": "on"}
    assert client.post(action_of(refused), Fields(form, refused).sent | typed).status_code == 302
    assert "Enter it again" not in client.get(row.get_absolute_url()).content.decode()


def test_save_and_close_keeps_what_is_put_back_too(signed_in: As) -> None:
    row, then = elsewhere("incoming")
    client = signed_in("admin")

    page, sent = form_at(client, way(client, row, then))
    refused = client.post(action_of(page, "then=close"), sent)

    assert refused.status_code == 422
    assert "nothing is saved yet" in refused.content.decode()
    assert "then=close" not in action_of(refused.content.decode())
    saved = client.post(action_of(refused.content.decode(), "then=close"), sent | {"secret": FIRST})
    assert saved["Location"] == reverse("mailsettings:incoming_list")


def test_a_kept_secret_is_not_asked_for(signed_in: As) -> None:
    server = incoming(name="First", secret=FIRST)
    then = head()
    server.name = "Second"
    incoming_server_save(actor=ACTOR, server=server)
    client = signed_in("admin")

    page, sent = form_at(client, way(client, server, then))

    assert "Leave it blank to keep the stored one." in help_of(page, "secret")
    assert client.post(action_of(page), sent | {"name": ""}).status_code == 422
    assert client.post(action_of(page), sent).status_code == 302


def test_what_was_deleted_stays_beside_a_refusal(signed_in: As) -> None:
    server = incoming(name="Gone", secret=FIRST)
    then, row = head(), IncomingServer.objects.get()
    incoming_server_delete(actor=ACTOR, server=server)
    client = signed_in("admin")

    page, sent = form_at(client, way(client, row, then))
    path = action_of(page)
    refused = client.post(path, sent)

    assert refused.status_code == 422
    assert "enter it anew" in refused.content.decode()
    assert action_of(refused.content.decode()) == path
