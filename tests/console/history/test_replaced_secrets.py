"""A secret that was replaced differs, though nothing more is known of it before and after than that it was set."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from configurator.audit.models import AuditEvent
from configurator.vault.text import Secret
from mailsettings.models import IncomingServer
from mailsettings.rotation import services as rotation
from mailsettings.services import incoming_server_delete, incoming_server_save, outgoing_server_save
from queues.services import address_save
from tests.console.exported import rows_in
from tests.mailsettings.slots import FIRST, SECOND, THIRD, switched, with_next
from tests.people import ACTOR, As, address, incoming, outgoing
from tests.queues.typed import PASSWORD

pytestmark = pytest.mark.django_db
COMPARE = reverse("console:compare")
NAME = {"Field": "Name", "Before": "First", "After": "Second"}
SECRET = {"Field": "Secret", "Before": "set", "After": "changed"}


def head() -> int:
    """Return the number of the last event."""
    return AuditEvent.objects.head().seq


def replace(server: IncomingServer, secret: str = SECOND, **values: Any) -> None:
    """Save the server with another secret."""
    for name, value in values.items():
        setattr(server, name, value)
    incoming_server_save(actor=ACTOR, server=server, secret=Secret(secret))


def differences(client: Client, since: int, format_: str = "json", **asked: Any) -> list[dict[str, str]]:
    """Return the fields that differ, as the page's file tells of them."""
    rows = rows_in(client, COMPARE, format_, since_event=str(since), **asked)
    return [{name: row[name] for name in ("What", "Field", "Before", "After")} for row in rows]


def compared(client: Client, since: int, **asked: Any) -> str:
    """Return the rows of the page, on one line."""
    answer = client.get(COMPARE, {"since_event": since} | asked)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split('id="results"')[1].split("<dialog")[0].split())


def test_a_replaced_secret_is_a_change_between_two_moments(signed_in: As) -> None:
    server = incoming(name="First", secret=FIRST)
    then = head()
    replace(server)
    client = signed_in("support")

    said = compared(client, then, what="changed")
    assert "Changed and back" not in said
    assert "<b>Secret</b> <del>set</del><ins>changed</ins>" in said
    for format_ in ("csv", "xlsx", "json"):
        assert differences(client, then, format_, what="changed") == [{"What": "Changed"} | SECRET]
    for what in ("created", "deleted", "passed"):
        assert differences(client, then, what=what) == []

    replace(server, FIRST, name="Second")
    assert differences(client, then) == [{"What": "Changed"} | NAME, {"What": "Changed"} | SECRET]
    replace(server, FIRST, name="First")
    assert differences(client, then) == [{"What": "Changed"} | SECRET]


def as_of(client: Client, row: Any, **asked: Any) -> str:
    """Return the page of what the row was, on one line."""
    answer = client.get(reverse("console:as_of", args=[row.audit_kind, row.pk]), asked)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def row_of(label: str, then: str, now: str, later: str = "Now") -> str:
    """Return the row of a field that differs, as that page shows it."""
    return (
        f'<tr class="differs"> <th scope="row">{label} <small>differs</small></th> '
        f'<td data-label="As of then"><div class="cell">{then}</div></td> '
        f'<td data-label="{later}"><div class="cell">{now}</div></td> </tr>'
    )


def test_only_a_replacement_between_the_moments_counts(signed_in: As) -> None:
    server: Any = incoming(name="First", secret=FIRST)
    created = head()
    replace(server)
    replaced = head()
    for name in ("Second", "First"):
        server.name = name
        incoming_server_save(actor=ACTOR, server=server)
    renamed = head()
    replace(server, THIRD)
    client = signed_in("support")

    assert [row["What"] for row in differences(client, replaced, until_event=str(renamed))] == ["Changed and back"]
    assert differences(client, created, until_event=str(replaced)) == [{"What": "Changed"} | SECRET]
    assert {row["What"] for row in differences(client, created - 1)} == {"Created"}
    incoming_server_delete(actor=ACTOR, server=IncomingServer.objects.get())
    gone = {row["Field"]: row for row in differences(client, created)}
    assert gone["Secret"] == {"What": "Deleted"} | SECRET | {"After": ""}


def test_each_other_secret_is_told_of_too(signed_in: As) -> None:
    waiting, turned, sender = with_next(incoming(secret=FIRST)), switched(incoming(secret=FIRST)), outgoing()
    box = address(server=incoming(authentication_type="oauth_user"), password=PASSWORD)
    then = head()
    with_next(waiting, THIRD)
    rotation.secret_roll_back(actor=ACTOR, server=turned)
    outgoing_server_save(actor=ACTOR, server=sender, password=Secret(SECOND))
    address_save(actor=ACTOR, address=box, password=Secret("another password"))
    client = signed_in("support")

    for kind, fields in {
        "incoming_server": {"Next secret", "Secret"},
        "outgoing_server": {"Password"},
        "address": {"E-Mail Password"},
    }.items():
        changed = [row for row in differences(client, then, kind=kind) if row["After"] == "changed"]
        assert {row["Field"] for row in changed} == fields, kind


def test_a_secret_that_was_entered_and_taken_out_again_is_back(signed_in: As) -> None:
    server = incoming(secret=FIRST)
    then = head()
    rotation.next_secret_discard(actor=ACTOR, server=with_next(server))

    assert [row["What"] for row in differences(signed_in("support"), then)] == ["Changed and back"]


def test_a_replaced_secret_differs_from_what_it_was(signed_in: As) -> None:
    server = incoming(secret=FIRST)
    box = address(server=incoming(authentication_type="oauth_user"), password=PASSWORD)
    then = head()
    replace(server)
    address_save(actor=ACTOR, address=box, password=Secret("another password"))
    client, last = signed_in("support"), head()

    said = as_of(client, server, at_event=then)
    assert row_of("Secret", "set", "set, changed since") in said
    assert said.count("<small>differs</small>") == 1
    assert row_of("E-Mail Password", "set", "set, changed since") in as_of(client, box, at_event=then)
    said = as_of(client, server, at_event=then, until_event=last)
    assert row_of("Secret", "set", "set, changed since", "Later") in said
    said = as_of(client, server, at_event=last, until_event=then)
    assert row_of("Secret", "set, changed since", "set", "Later") in said
    assert "<small>differs</small>" not in as_of(client, server, at_event=last)
