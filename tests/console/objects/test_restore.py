"""An earlier version is put back through the normal form: previewed, checked, saved as any other edit."""

import uuid
from typing import Any

import pytest
from django.urls import reverse

from configurator.audit.models import AuditEvent
from configurator.vault.text import Secret
from mailsettings.models import IncomingServer
from mailsettings.services import incoming_server_delete, incoming_server_save, outgoing_server_save
from queues.models import Queue, QueueAddress
from queues.services import address_delete, address_save, queue_delete, queue_save
from tests.console.put_back import form_at, head, way
from tests.mailsettings.slots import FIRST, SECOND
from tests.people import ACTOR, As, address, incoming, outgoing, queue
from tokenchecks.models import CheckRun

pytestmark = pytest.mark.django_db


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
    # Sent by somebody else it is a conflict; sent by the same person again it is the same edit.
    assert signed_in("superuser").post(server.get_absolute_url(), sent).status_code == 409


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
