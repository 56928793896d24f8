"""The page of one event, and the search for it."""

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

from configurator.audit import proof
from configurator.audit.models import AuditEvent
from mailsettings.services import incoming_server_delete, incoming_server_save
from tests.mailsettings.slots import SECOND, switched
from tests.people import ACTOR, As, address, incoming, person, queue
from tests.tokenchecks.past import GOOD, MINUTES, broken, check, checks, pass_time

pytestmark = pytest.mark.django_db
LOG = reverse("console:audit_log")
MOST = 12


def page(client: Client, path: str, **asked: str) -> str:
    """Return the page's text on one line."""
    answer = client.get(path, asked)
    assert answer.status_code == 200, path
    return " ".join(answer.content.decode().split())


def last() -> AuditEvent:
    """Return the newest event."""
    return AuditEvent.objects.order_by("-seq")[0]


def renamed(server: Any, name: str) -> AuditEvent:
    """Save the server under another name and return the event."""
    server.name = name
    incoming_server_save(actor=ACTOR, server=server)
    return last()


def test_an_event_says_what_changed_in_the_words_of_the_screens(signed_in: As) -> None:
    server = incoming(name="Before it")
    event = renamed(switched(server), "After it")
    client = signed_in("support")

    said = page(client, event.get_absolute_url())

    assert "<del>Before it</del>" in said
    assert "<ins>After it</ins>" in said
    assert f'href="{server.get_absolute_url()}"' in said
    assert f"?kind=incoming_server&amp;object={server.pk}" in said
    switch = AuditEvent.objects.get(action="secret switched")
    said = page(client, switch.get_absolute_url())
    assert "<ins>changed</ins>" in said
    assert SECOND not in said


def test_an_event_leads_to_those_of_its_object_alone(signed_in: As) -> None:
    server = incoming()
    first = last()
    incoming(name="Another")
    second = renamed(server, "Second name")
    client = signed_in("support")

    assert f'rel="next" href="{second.get_absolute_url()}"' in page(client, first.get_absolute_url())
    assert "Event before" not in page(client, first.get_absolute_url())
    assert f'rel="prev" href="{first.get_absolute_url()}"' in page(client, second.get_absolute_url())


def test_a_deleted_object_is_named_without_a_link(signed_in: As) -> None:
    server = incoming(name="Gone for good")
    path = server.get_absolute_url()
    incoming_server_delete(actor=ACTOR, server=server)

    said = page(signed_in("support"), last().get_absolute_url())

    assert "Gone for good" in said
    assert path not in said


def test_who_may_not_view_the_object_gets_no_link_and_no_checks(signed_in: As) -> None:
    server = incoming()
    event = last()
    check(server, GOOD)
    group = Group.objects.create(name="Auditors")
    group.permissions.set(Permission.objects.filter(codename="view_auditevent"))
    person("support").groups.set([group])

    said = page(signed_in("support"), event.get_absolute_url())

    assert server.get_absolute_url() not in said
    assert "Its checks around this" not in said


def test_the_states_before_and_after_an_edit_are_told(signed_in: As) -> None:
    server = incoming()
    box = address(server=server)
    checks(server, GOOD, 2)
    event = renamed(server, "Renamed")
    pass_time(MINUTES[4])
    check(server, broken())
    check(box, broken())
    event.refresh_from_db()

    said = page(signed_in("support"), event.get_absolute_url())
    around = said[said.index("Its checks around this") :]

    assert around.index("OK") < around.index("Broken")
    assert "4 minutes after: The secret has expired" in around.replace("\N{NO-BREAK SPACE}", " ")
    assert "1 of this server’s addresses went red within an hour after" in around


def test_an_edit_is_told_what_went_red_after_it_and_before_the_next(signed_in: As) -> None:
    """An address that was red already and gets another cause went not red, and a repair is blamed for nothing."""
    server = incoming()
    red, well = address(server=server), address(server=server, queue=queue(name="Sales"))
    check(red, broken("no_mailbox", "mailbox", "ErrorNonExistentMailbox"))
    check(well, GOOD)
    pass_time(MINUTES[10])
    events: list[AuditEvent] = []
    for found, last_found in ((broken(), broken()), (GOOD, broken("no_mailbox", "mailbox", "x"))) * 2:
        events.append(renamed(server, f"Edit {len(events)}"))
        pass_time(MINUTES[1])
        check(well, found)
        check(red, last_found)
        pass_time(MINUTES[1])
    client = signed_in("support")

    said = [page(client, event.get_absolute_url()) for event in events]

    number = "1 of this server’s addresses went red before its next edit"
    assert [number in one for one in said] == [True, False, True, False]
    assert ["went red" in one for one in said] == [True, False, True, False]


def test_a_state_that_stays_is_told_and_one_that_nobody_looked_at_too(signed_in: As) -> None:
    server = incoming()
    created = last()
    client = signed_in("support")
    assert "No check known" in page(client, created.get_absolute_url())

    checks(server, GOOD, 1)
    event = renamed(server, "Renamed")
    pass_time(MINUTES[4])
    check(server, GOOD)

    assert "and stayed so" in page(client, event.get_absolute_url())


def test_a_search_finds_by_who_what_kind_field_text_and_day(signed_in: As) -> None:
    client = signed_in("support")
    server = incoming(name="Fabrikam")
    event = renamed(server, "Fabrikam, renamed")
    queue(name="Sales")
    today = timezone.localdate()
    found: dict[str, dict[str, str]] = {
        "who": {"who": "TESTS"},
        "act": {"action": "changed"},
        "kind": {"kind": "incoming_server"},
        "field": {"field": "name", "action": "changed"},
        "text in a name": {"q": "abrikam, ren"},
        "from today": {"begin": str(today)},
        "to today": {"end": str(today)},
        "object": {"kind": "incoming_server", "object": str(server.pk)},
        "all at once": {"q": "renamed", "who": "tests", "begin": str(today), "end": str(today), "field": "name"},
    }
    lost: dict[str, dict[str, str]] = {
        "who": {"who": "test"},
        "act": {"action": "deleted"},
        "kind": {"kind": "user"},
        "field": {"field": "client_id", "action": "changed"},
        "text": {"q": "Fabrikam, gone"},
        "from tomorrow": {"begin": str(today + timedelta(days=1))},
        "to yesterday": {"end": str(today - timedelta(days=1))},
        "no day": {"begin": "tomorrow"},
        "object": {"object": str(uuid.uuid4())},
        "request": {"request": "feedfeedfeed"},
    }

    for name, asked in found.items():
        assert event.get_absolute_url() in page(client, LOG, **asked), name
    created = AuditEvent.objects.get(seq=event.seq - 1)
    assert created.get_absolute_url() in page(client, LOG, q=str(server.tenant_id)[:13])
    for name, asked in lost.items():
        assert "renamed" not in page(client, LOG, **asked).split('id="results"')[1], name


def test_what_one_request_did_is_found(signed_in: As) -> None:
    client = signed_in("superuser")
    client.post(reverse("queues:queue_new"), {"name": "One", "priority": 1, "queue_size": 1, "pick_timeout_ms": 1000})
    event = last()

    assert event.request_id
    assert event.get_absolute_url() in page(client, LOG, request=event.request_id)
    assert f"?request={event.request_id}" in page(client, event.get_absolute_url())


def test_an_event_that_is_not_there_is_404(signed_in: As) -> None:
    client = signed_in("support")

    for seq in (0, 10**6, 10**40):
        assert client.get(reverse("console:audit_event", args=[seq])).status_code == 404


def test_an_event_makes_few_queries(signed_in: As) -> None:
    server = incoming()
    for _ in range(3):
        address(server=server)
    checks(server, GOOD, 2)
    event = renamed(server, "Renamed")
    renamed(server, "Renamed again")
    client = signed_in("superuser")
    page(client, event.get_absolute_url())

    with CaptureQueriesContext(connection) as made:
        page(client, event.get_absolute_url())

    assert len(made) <= MOST


def test_a_period_is_taken_away_with_its_proof(signed_in: As) -> None:
    queue(name="Sales")
    client, today = signed_in("support"), timezone.localdate()
    path = f"{reverse('console:audit_proof')}?begin={today}"
    assert f'href="{path}"' in page(client, LOG, begin=str(today))

    answer: Any = client.get(path)
    lines = answer.getvalue().splitlines(keepends=True)

    assert proof.verify(lines).count == last().seq
    assert (last().action, last().after) == ("exported", {"format": "JSON lines", "From": str(today)})
    nothing: Any = client.get(f"{path}&end=2001-01-01")
    assert proof.verify(nothing.getvalue().splitlines(keepends=True)).count == 0
    assert client.get(reverse("console:audit_proof"), {"end": "tomorrow"}).status_code == 404
