"""An object as it was: its page, from its own page and from an event."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from configurator.accounts.models import Role
from configurator.accounts.services import user_ensure
from configurator.audit.models import AuditEvent
from configurator.audit.states import state_at
from configurator.console.people.services import role_save, user_save
from configurator.vault.models import SealedSecret
from mailsettings.services import incoming_server_delete, incoming_server_save
from queues.services import address_delete, address_save, queue_delete
from tests.mailsettings.slots import switched
from tests.people import ACTOR, As, address, incoming, outgoing, person, queue
from tests.queues.typed import PASSWORD

pytestmark = pytest.mark.django_db
MOST = 12


def page(client: Client, path: str, status: int = 200, **asked: Any) -> str:
    """Return the page's text on one line."""
    answer = client.get(path, asked)
    assert answer.status_code == status, path
    return " ".join(answer.content.decode().split())


def past(row: Any) -> str:
    """Return the path of the page of what the row was."""
    return reverse("console:as_of", args=[row.audit_kind, row.pk])


def head() -> int:
    """Return the number of the last event."""
    return AuditEvent.objects.head().seq


def test_an_object_is_shown_as_it_was_beside_what_it_is(signed_in: As) -> None:
    server: Any = incoming(name="First name")
    then = head()
    server = switched(server)
    server.name = "Second name"
    incoming_server_save(actor=ACTOR, server=server)
    client = signed_in("support")

    said = page(client, past(server), at_event=then)

    assert "First name as of" in said
    assert '<div class="cell">First name</div>' in said
    assert '<div class="cell">Second name</div>' in said
    assert "OAuth Service" in said
    assert str(server.client_id) in said
    assert "Previous secret" in said
    assert said.count("<small>differs</small>") == 4  # name, secret, previous secret, the day on which that is wiped
    assert "First name" not in page(client, past(server)).split("Its fields")[1]


def test_a_moment_counts_what_its_second_held(signed_in: As) -> None:
    item = queue(name="Young")
    client = signed_in("support")
    at = timezone.localtime(AuditEvent.objects.get(seq=head()).at)

    earlier = page(client, past(item), at=f"{at - timedelta(seconds=1):%Y-%m-%dT%H:%M:%S}")
    assert "it was not there yet" in earlier
    assert "last changed by tests" in page(client, past(item), at=f"{at:%Y-%m-%dT%H:%M:%S}")
    for moment in ("yesterday", "0001-01-01T00:00", "9999-12-31T23:59:59", "2026-13-01", "\0"):
        said = page(client, past(item), 422 if moment.strip("\0") else 200, at=moment)
        assert ("Enter day and time" in said) == bool(moment.strip("\0"))


def test_a_queue_shows_the_addresses_that_it_had(signed_in: As) -> None:
    item, other = queue(name="Sales"), queue(name="Other")
    kept, moved, gone = (address(queue=item, server=incoming(name=f"Server {number}")) for number in range(3))
    then = head()
    moved.queue = other
    address_save(actor=ACTOR, address=moved)
    address_delete(actor=ACTOR, address=gone)
    added = address(queue=item)
    kept.server.name = "Renamed later"
    incoming_server_save(actor=ACTOR, server=kept.server)
    client = signed_in("support")

    was, now = (page(client, past(item), at_event=seq).split("Its addresses then")[1] for seq in (then, head()))

    assert all(box.address in was for box in (kept, moved, gone))
    assert added.address not in was
    assert "Server 0" in was
    assert "Renamed later" not in was
    assert kept.address in now
    assert added.address in now
    assert "Renamed later" in now
    assert moved.address not in now
    assert gone.address not in now
    assert kept.address in page(client, past(kept.server)).split("Its addresses then")[1]


def test_what_was_deleted_is_shown_as_it_was(signed_in: As) -> None:
    box = address(queue=queue(name="Gone queue"))
    path, of_box, then = past(box.queue), past(box), head()
    queue_delete(actor=ACTOR, queue=box.queue)
    client = signed_in("support")

    assert "deleted by tests" in page(client, path)
    assert box.address in page(client, path, at_event=then)
    assert "Gone queue" in page(client, of_box, at_event=then)
    assert "Open as it is now" not in page(client, path)


def test_who_may_not_view_the_object_finds_nothing(signed_in: As) -> None:
    server = incoming()
    group = Group.objects.create(name="Auditors")
    group.permissions.set(Permission.objects.filter(codename__in=["view_auditevent", "view_queue"]))
    person("support").groups.set([group])
    client = signed_in("support")

    assert client.get(past(server)).status_code == 404
    assert client.get(past(queue())).status_code == 200
    assert client.get(reverse("console:as_of", args=["queue", uuid.uuid4()])).status_code == 404
    assert client.get(reverse("console:as_of", args=["vault", "1"])).status_code == 404
    assert signed_in("queues").get(past(server)).status_code == 403


def test_an_objects_page_names_its_last_change_and_leads_to_what_it_was(signed_in: As) -> None:
    box, sender = address(), outgoing()
    client = signed_in("support")

    for row in (box.server, box.queue, sender, box):
        said = page(client, row.get_absolute_url())
        assert "Last changed by tests" in said
        assert f'href="{past(row)}"' in said
        last = client.get(reverse("console:last_event", args=[row.audit_kind, row.pk]))
        assert last["Location"] == AuditEvent.objects.of_object(row.audit_kind, row.pk)[0].get_absolute_url()
    said = page(signed_in("queues"), box.queue.get_absolute_url())
    assert "Last changed by tests" in said
    assert past(box.queue) not in said
    assert client.get(reverse("console:last_event", args=["queue", uuid.uuid4()])).status_code == 404


def test_a_user_and_a_role_are_shown_as_they_were(signed_in: As) -> None:
    support = Role.roles.get(name="Support")
    user = user_ensure(actor=ACTOR, username="ada", password="a long enough one", role="Support")
    role = role_save(actor=ACTOR, role=Role(name="Readers"), held=["queue.view"])
    then = head()
    user.first_name = "Ada"
    user_save(actor=ACTOR, user=user, roles=[support])
    client = signed_in("superuser")

    said = page(client, past(user), at_event=then)
    assert "<small>differs</small>" in said
    assert "Support" in said
    assert "Put back…" in said
    assert "Readers" in page(client, past(role), at_event=then)
    assert past(support) not in page(client, support.get_absolute_url())
    for row in (user, role):
        opened = page(client, row.get_absolute_url(), put_back=str(then))
        assert past(row) in opened
        assert "nothing is saved yet" in opened


def test_the_pages_of_the_past_make_few_queries(signed_in: As) -> None:
    server = incoming(authentication_type="oauth_user")
    boxes = [address(server=server, queue=queue(), password=PASSWORD) for _ in range(5)]
    then = head()
    incoming_server_delete(actor=ACTOR, server=incoming())
    client = signed_in("superuser")

    for row in (server, boxes[0], boxes[0].queue):
        page(client, past(row), at_event=then)
        with CaptureQueriesContext(connection) as made:
            page(client, past(row), at_event=then)
        assert len(made) <= MOST, row


def test_no_value_of_a_secret_is_anywhere(signed_in: As) -> None:
    server = switched(incoming())
    box = address(server=incoming(authentication_type="oauth_user"), password=PASSWORD)
    client = signed_in("superuser")

    said = page(client, past(server)) + page(client, past(box))

    for sealed in SealedSecret.objects.all():
        assert sealed.fingerprint not in said
    assert PASSWORD not in said
    state = state_at("address", str(box.pk), head())[0]
    assert state
    assert state.values["password"] == "set"
