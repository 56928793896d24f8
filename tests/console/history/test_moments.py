"""The pages that look back show in their fields the moment of the event that a link names, and keep that event."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from configurator.audit.models import AuditEvent
from mailsettings.services import incoming_server_save
from tests.people import ACTOR, As, incoming
from tests.tokenchecks.past import HOUR, pass_time

pytestmark = pytest.mark.django_db
COMPARE, WHOLE = reverse("console:compare"), reverse("console:whole")


def edits() -> list[AuditEvent]:
    """Store a server that is renamed after an hour, and again within the same second; return its events."""
    server = incoming(name="First name")
    pass_time(HOUR)
    for name in ("Second name", "Third name"):
        server.name = name
        incoming_server_save(actor=ACTOR, server=server)
    return list(AuditEvent.objects.filter(object_id=str(server.pk)).order_by("seq"))


def page(client: Client, path: str, **asked: Any) -> tuple[str, dict[str, str]]:
    """Return the page, and what the fields of its form would send for the moments."""
    text = client.get(path, asked).content.decode()
    inputs = [dict(re.findall(r'([\w-]+)="([^"]*)"', tag)) for tag in re.findall("<input[^>]+>", text)]
    names = ("since", "until", "at", "since_event", "until_event", "at_event")
    return text, {one["name"]: one.get("value", "") for one in inputs if one.get("name") in names}


def field(event: AuditEvent) -> str:
    """Return the event's moment as a browser's field holds it."""
    return f"{event.at:%Y-%m-%dT%H:%M:%S}"


def test_a_comparison_shows_the_moments_of_the_events_that_its_link_names(signed_in: As) -> None:
    first, second, _ = edits()
    client = signed_in("support")

    text, fields = page(client, COMPARE, since_event=first.seq, until_event=second.seq)

    assert fields == {
        "since": field(first), "until": field(second), "since_event": str(first.seq), "until_event": str(second.seq)
    }  # fmt: skip
    assert "<ins>Second name</ins>" in text
    # Sent as it stands, it is the event that counts, though another one is of the same second.
    again, kept = page(client, COMPARE, **fields)
    assert kept == fields
    assert "<ins>Second name</ins>" in again
    assert page(client, COMPARE, since="", until="")[1] == {"since": "", "until": ""}


def test_a_moment_that_is_edited_counts_in_place_of_the_event(signed_in: As) -> None:
    first, second, third = edits()
    client = signed_in("support")
    _, fields = page(client, COMPARE, since_event=first.seq, until_event=second.seq)
    later = f"{third.at + HOUR:%Y-%m-%dT%H:%M:%S}"

    text, edited = page(client, COMPARE, **fields | {"until": later})

    assert edited == {"since": field(first), "until": later, "since_event": str(first.seq)}
    assert "<ins>Third name</ins>" in text
    text, emptied = page(client, COMPARE, **fields | {"until": ""})
    assert emptied == {"since": field(first), "until": "", "since_event": str(first.seq)}
    assert "<ins>Third name</ins>" in text
    _, before = page(client, COMPARE, **fields | {"since": "2001-01-01T00:00", "until": later})
    assert before == {"since": "2001-01-01T00:00:00", "until": later}
    _, wrong = page(client, COMPARE, since_event="0", until="soon", until_event=second.seq)
    assert wrong == {"since": "", "until": "soon"}


def test_the_other_pages_that_look_back_do_so_too(signed_in: As) -> None:
    first, second, _ = edits()
    client = signed_in("support")
    past = reverse("console:as_of", args=[first.kind, first.object_id])

    text, fields = page(client, WHOLE, at_event=second.seq)
    assert fields == {"at": field(second), "at_event": str(second.seq)}
    assert f"?since_event={second.seq}" in text
    text, fields = page(client, past, at_event=first.seq, until_event=second.seq)
    assert fields == {
        "at": field(first), "until": field(second), "at_event": str(first.seq), "until_event": str(second.seq)
    }  # fmt: skip
    text, fields = page(client, past, **fields)
    assert "Second name" in text
    assert "Third name" not in text.split("Its fields")[1].split("</table>")[0]
