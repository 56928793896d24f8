"""An earlier version is put back through the normal form: previewed, checked, saved as any other edit."""

import re
import uuid
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from configurator.audit.models import AuditEvent
from configurator.vault.text import Secret
from mailsettings.models import IncomingServer
from mailsettings.services import incoming_server_delete, incoming_server_save, outgoing_server_save
from queues.models import Queue, QueueAddress
from queues.services import address_delete, address_save, queue_delete, queue_save
from tests.mailsettings.slots import FIRST, SECOND
from tests.people import ACTOR, As, address, incoming, outgoing, queue
from tests.queues.typed import PASSWORD
from tokenchecks.models import CheckRun

pytestmark = pytest.mark.django_db


class Fields(HTMLParser):
    """The values that a browser would send with the form of that id."""

    def __init__(self, form: str, page: str) -> None:
        """Read the page."""
        super().__init__()
        self.form, self.sent, self.select = form, dict[str, str](), ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what the field holds."""
        found = dict(attrs)
        self.select = "" if tag == "select" else self.select
        if tag == "option" and self.select and "selected" in found:
            self.sent[self.select] = found.get("value") or ""
        if found.get("form") != self.form and not (tag == "input" and found.get("name") == "version"):
            return
        name, kind = found.get("name") or "", found.get("type")
        if tag == "select":
            self.select = name
        elif kind in ("checkbox", "radio"):
            self.sent |= {name: found.get("value") or "on"} if "checked" in found else {}
        elif tag == "input":
            self.sent[name] = found.get("value") or ""


def way(client: Client, row: Any, then: int) -> str:
    """Return the address behind the button, "" where there is none."""
    page = client.get(reverse("console:as_of", args=[row.audit_kind, row.pk]), {"at_event": then}).content.decode()
    before, found, _ = page.partition('">Put back…</a>')
    return unescape(before.rpartition('href="')[2]) if found else ""


def form_at(client: Client, path: str, form: str = "record-form") -> tuple[str, dict[str, str]]:
    """Return the page and what its form would send."""
    page = client.get(path).content.decode()
    return page, Fields(form, page).sent


def head() -> int:
    """Return the number of the last event."""
    return AuditEvent.objects.head().seq


def test_a_servers_earlier_version_is_previewed_and_saved_as_an_edit(signed_in: As) -> None:
    server = incoming(name="Right name", secret=FIRST)
    then = head()
    server.name = "Wrong name"
    incoming_server_save(actor=ACTOR, server=server)
    client, count = signed_in("admin"), CheckRun.objects.count()

    page, sent = form_at(client, way(client, server, then))
    assert "nothing is saved yet" in page
    assert page.count('class="differs"') == 1
    assert IncomingServer.objects.get().name == "Wrong name"
    assert client.post(server.get_absolute_url(), sent).status_code == 302

    assert IncomingServer.objects.get().name == "Right name"
    event = AuditEvent.objects.order_by("-seq")[0]
    assert (event.actor_name, event.action, event.after) == ("admin", "changed", {"name": "Right name"})
    assert CheckRun.objects.count() >= count
    assert IncomingServer.objects.get().secret
    assert client.post(server.get_absolute_url(), sent).status_code == 409  # somebody saved meanwhile


def test_a_secret_is_asked_for_where_the_destination_is_another(signed_in: As) -> None:
    server = incoming(secret=FIRST)
    then, old = head(), server.client_id
    server.client_id = uuid.uuid4()
    incoming_server_save(actor=ACTOR, server=server, secret=Secret(SECOND))
    client = signed_in("admin")

    page, sent = form_at(client, way(client, server, then))
    refused = client.post(server.get_absolute_url(), sent | {"confirm_wipe": "on"})
    assert refused.status_code == 422
    assert "Enter it again" in refused.content.decode()
    for secret in (FIRST, SECOND):
        assert secret not in page
    answer = client.post(server.get_absolute_url(), sent | {"secret": FIRST, "confirm_wipe": "on"})

    assert answer.status_code == 302
    assert IncomingServer.objects.get().client_id == old


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


def action_of(page: str, then: str = "") -> str:
    """Return where the page's form is sent, by the button that also goes there."""
    found = [unescape(path) for path in re.findall(r' (?:form)?action="([^"]*put_back=[^"]*)"', page)]
    return next(path for path in found if then in path)


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


def test_a_deleted_server_and_queue_are_entered_anew(signed_in: As) -> None:
    server, item = incoming(name="Gone", secret=FIRST), queue(name="Gone too", priority=7, language="de")
    then = head()
    incoming_server_delete(actor=ACTOR, server=server)
    queue_delete(actor=ACTOR, queue=item)
    server.pk, item.pk = (AuditEvent.objects.filter(kind=kind)[0].object_id for kind in ("incoming_server", "queue"))
    client = signed_in("admin")

    path = way(client, server, then)
    page, sent = form_at(client, path)
    assert "enter it anew" in page
    assert client.post(path.partition("?")[0], sent).status_code == 422
    assert client.post(path.partition("?")[0], sent | {"secret": SECOND}).status_code == 302
    path = way(client, item, then)
    assert client.post(path.partition("?")[0], form_at(client, path)[1]).status_code == 302

    new, made = IncomingServer.objects.get(), Queue.objects.get()
    assert (new.name, new.tenant_id, new.client_id) == ("Gone", server.tenant_id, server.client_id)
    assert str(new.pk) != str(server.pk)
    assert (made.name, made.priority, made.language) == ("Gone too", 7, "de")


def test_an_address_is_put_back_on_its_queues_page(signed_in: As) -> None:
    box, other = address(priority=3), incoming(name="Other")
    then, old = head(), box.server
    row: Any = box
    box.server, box.priority = other, None
    address_save(actor=ACTOR, address=box)
    client = signed_in("admin")

    page, sent = form_at(client, way(client, box, then), "address-form")
    assert "Stored now" in page
    assert client.post(reverse("queues:address", args=[box.queue_id, box.pk]), sent).status_code == 302
    box.refresh_from_db()
    assert (row.server, row.priority) == (old, 3)

    gone, queue_id = box.pk, box.queue_id
    address_delete(actor=ACTOR, address=box)
    box.pk = gone
    page, sent = form_at(client, way(client, box, then), "address-form")
    assert client.post(reverse("queues:address_new", args=[queue_id]), sent).status_code == 302
    assert QueueAddress.objects.get().address == box.address
    queue_delete(actor=ACTOR, queue=Queue.objects.get())
    assert way(client, box, then) == ""


def test_the_outgoing_server_is_put_back(signed_in: As) -> None:
    server = outgoing(port=8443)
    then = head()
    server.port = None
    outgoing_server_save(actor=ACTOR, server=server)
    client = signed_in("admin")

    _, sent = form_at(client, way(client, server, then))
    assert client.post(server.get_absolute_url(), sent).status_code == 302

    server.refresh_from_db()
    assert server.port == 8443


def test_only_who_may_save_is_offered_it(signed_in: As) -> None:
    item = queue(name="First")
    then = head()
    item.name = "Second"
    queue_save(actor=ACTOR, queue=item)
    path = way(signed_in("admin"), item, then)

    assert way(signed_in("support"), item, then) == ""
    assert "nothing is saved yet" not in signed_in("support").get(path).content.decode()
    # The Queue Administrator saves queues and may not view the Audit Log.
    page = signed_in("queues").get(path).content.decode()
    assert "nothing is saved yet" not in page
    assert 'value="Second"' in page
    for seq in ("x", "-1", "9" * 30, "0", "\0"):
        page = signed_in("admin").get(item.get_absolute_url(), {"put_back": seq}).content.decode()
        assert "nothing is saved yet" not in page, seq
