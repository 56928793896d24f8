"""What was elsewhere, and what else hangs on a server, is not told to who is limited to queue groups."""

import pytest
from django.test import Client
from django.urls import reverse

from configurator.accounts.rights import ALL
from configurator.audit.models import AuditEvent
from queues.models import Queue, QueueAddress
from tests.console.queue_groups.hidden import CANARY, Estate, texts
from tests.people import As, address, incoming, limited, queue
from tests.queues.typed import PASSWORD

pytestmark = pytest.mark.django_db


def test_the_past_tells_nothing_of_what_is_outside() -> None:
    estate, client = Estate(), Client()
    client.force_login(limited("looks-back", ALL, estate.inside))
    moved = QueueAddress.objects.get(address="moved@contoso.example")
    first = AuditEvent.objects.of_object("address", moved.pk).order_by("seq")[0]
    given = Queue.objects.get(name="Given over")
    born = AuditEvent.objects.of_object("queue", given.pk).order_by("seq")[0]
    gone = AuditEvent.objects.of_object("queue", estate.gone.pk).order_by("seq")[0]

    for kind, pk in (("queue", estate.hidden.queue_id), ("address", estate.hidden.pk), ("queue", estate.gone.pk)):
        assert client.get(reverse("console:as_of", args=[kind, pk])).status_code == 404
        assert client.get(reverse("console:last_event", args=[kind, pk])).status_code == 404
    for event in (first, born, gone):
        assert client.get(event.get_absolute_url()).status_code == 404
    for kind, pk, event in (("address", moved.pk, first), ("queue", given.pk, born), ("queue", given.pk, gone)):
        page = client.get(reverse("console:as_of", args=[kind, pk]), {"at_event": event.seq})
        assert page.status_code == 200
        assert "was not there yet" in page.content.decode() or event == gone
        assert CANARY not in texts(page)
    for asked in ("kind=address", "kind=queue", "kind=address&q=kapi", "kind=address&format=csv"):
        for at in (first.seq, AuditEvent.MOST):
            assert CANARY not in texts(client.get(f"/audit-log/as-of/?{asked}&at_event={at}"))
    for until in (first.seq, gone.seq):
        assert CANARY not in texts(client.get(f"/audit-log/compare/?since_event=1&until_event={until}"))
    # What happened to it since it came is told.
    assert "moved@contoso.example" in texts(client.get("/audit-log/as-of/?kind=address"))
    for asked in (
        f"/queues/new/?put_back={gone.seq}&of={estate.gone.pk}",
        f"/queues/new/?copy={estate.hidden.queue_id}&part=basics&part=email&name=x",
        f"/queues/{given.pk}/?put_back={born.seq}",
        f"/alarms/stopped/addresses/?cause=account_missing&scope=server:{estate.server.pk}",
        f"/alarms/stopped/queues/?day={estate.server.secret_expires_on}",
        "/alarms/?q=kapi",
        "/audit-log/?q=kapi",
    ):
        assert CANARY not in texts(client.get(asked)), asked


def test_a_server_says_nothing_of_who_uses_it_elsewhere() -> None:
    estate, client = Estate(), Client()
    client.force_login(limited("of-servers", ALL, estate.inside))

    delete = client.post(reverse("mailsettings:incoming_delete", args=[estate.server.pk]))
    assert delete.status_code == 409
    assert CANARY not in texts(delete)
    assert "queues that you may not view" in delete.content.decode()
    job = client.post(reverse("bulk:begin", args=["incoming-servers", "delete"]), {"row": [estate.server.pk]})
    assert CANARY not in texts(client.get(job["Location"]))
    user = estate.user_server
    sent = {
        "name": user.name, "address": user.address, "authentication_type": "oauth_service", "secret": "s3cret~of-it",
        "client_id": str(user.client_id), "version": user.version,
    }  # fmt: skip
    changed = client.post(user.get_absolute_url(), sent)
    assert changed.status_code == 422
    assert CANARY not in texts(changed)
    mail = client.post(
        reverse("tokenchecks:test_mail_outgoing"),
        {"sender": estate.hidden.address, "recipient": "me@contoso.example", "confirmed": "on"},
    )
    assert mail.status_code == 422


def test_lists_say_that_his_queues_alone_are_meant(client: Client, signed_in: As) -> None:
    address(server=incoming(name="Elsewhere", authentication_type="oauth_user"), queue=queue(), password=PASSWORD)
    server = QueueAddress.objects.get().server
    own = "Only what belongs to your queues is shown and counted."
    pages = {
        reverse("queues:impact", args=[server.pk]): ("None of your queues stops", "addresses of your queues is read"),
        reverse("tokenchecks:risk_list"): ("No address of your queues uses OAuth User",),
        reverse("queues:queue_list"): (),
    }

    for path, said in pages.items():
        page, whole = client.get(path).content.decode(), signed_in("support").get(path).content.decode()
        for words in (own, *said):
            assert words in page, (path, words)
            assert words not in whole, (path, words)
