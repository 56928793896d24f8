"""The whole configuration as it was, and what differs between two instants."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from configurator.audit.models import AuditEvent
from configurator.console.history.snapshot import kinds
from mailsettings.services import incoming_server_delete, incoming_server_save
from queues.services import address_save, queue_delete, queue_save
from tests.console.exported import rows_in, taken
from tests.people import ACTOR, TENANT, As, address, incoming, outgoing, person, queue
from tests.queues.typed import PASSWORD
from tests.tokenchecks.past import HOUR, pass_time

pytestmark = pytest.mark.django_db
WHOLE, COMPARE = reverse("console:whole"), reverse("console:compare")
MOST = 12


def results(client: Client, path: str, **asked: Any) -> str:
    """Return what was found, on one line."""
    answer = client.get(path, asked)
    assert answer.status_code == 200, path
    return " ".join(answer.content.decode().split('id="results"')[1].split("<dialog")[0].split())


def ago(hours: float) -> str:
    """Return the moment so many hours before the newest event, as the page's field sends it."""
    at = AuditEvent.objects.order_by("-seq")[0].at - timedelta(hours=hours)
    return f"{at:%Y-%m-%dT%H:%M:%S}"


def history() -> dict[str, Any]:
    """Store a history of five hours: an hour between each act."""
    kept, gone = incoming(name="Kept server"), incoming(name="Gone server", tenant_id=uuid.uuid4())
    box = address(server=kept, queue=queue(name="Old queue"), address="box@contoso.example")
    pass_time(HOUR)
    kept.name = "Renamed server"
    incoming_server_save(actor=ACTOR, server=kept)
    pass_time(HOUR)
    incoming_server_delete(actor=ACTOR, server=gone)
    pass_time(HOUR)
    late = queue(name="Late queue")
    box.queue = late
    address_save(actor=ACTOR, address=box)
    pass_time(HOUR)
    queue_delete(actor=ACTOR, queue=queue(name="Short-lived"))
    return {"kept": kept, "gone": gone, "box": box, "late": late}


def test_each_kind_is_listed_as_it_was(signed_in: As) -> None:
    history()
    client = signed_in("support")

    servers = results(client, WHOLE, kind="incoming_server", at=ago(3.5))
    assert "Kept server" in servers
    assert "Gone server" in servers
    assert "Renamed" not in servers
    servers = results(client, WHOLE, kind="incoming_server")
    assert "Renamed server" in servers
    assert "Gone server" not in servers
    assert "Kept server" not in servers
    assert "Old queue" in results(client, WHOLE, kind="address", at=ago(1.5))
    moved = results(client, WHOLE, kind="address")
    assert "<b>Queue</b> Late queue" in moved
    assert "<b>E-Mail Server</b> Renamed server" in moved
    assert "Nothing matches" in results(client, WHOLE, kind="queue", at="2001-01-01T00:00")


def test_the_past_is_searched_by_name_and_by_value(signed_in: As) -> None:
    known = history()
    client = signed_in("support")

    for text in ("renamed", "Kept ser", str(known["kept"].client_id)[:20]):
        assert "Renamed server" in results(client, WHOLE, kind="incoming_server", q=text), text
    assert "Renamed server" not in results(client, WHOLE, kind="incoming_server", q="Gone")


def test_two_moments_are_compared_field_by_field(signed_in: As) -> None:
    known = history()
    client = signed_in("support")

    said = results(client, COMPARE, since=ago(3.5))

    assert "<b>Name</b> <del>Kept server</del><ins>Renamed server</ins>" in said
    assert "<b>Queue</b> <del>Old queue</del><ins>Late queue</ins>" in said
    assert "Short-lived" in said
    assert "Created and deleted" in said
    assert "Old queue</a>" not in said
    for what, names in {
        "created": ["Late queue"],
        "changed": ["Renamed server", "box@contoso.example (Late queue)"],
        "deleted": ["Gone server"],
        "passed": ["Short-lived"],
    }.items():
        rows = rows_in(client, COMPARE, "json", since=ago(3.5), what=what)
        assert {row["Name"] for row in rows} == set(names), what
    assert "Renamed server" not in results(client, COMPARE, since=ago(2.5))
    rows = rows_in(client, COMPARE, "csv", since=ago(3.5), until=ago(1.5))
    assert {(row["Name"], row["What"]) for row in rows} == {("Renamed server", "Changed"), ("Gone server", "Deleted")}
    assert {row["Field"]: (row["Before"], row["After"]) for row in rows}["Secret"] == ("set", "")
    assert known["late"].name in results(client, COMPARE)


def test_what_was_changed_and_put_back_is_said_to_be(signed_in: As) -> None:
    item = queue(name="Steady")
    pass_time(HOUR)
    for name in ("Shaken", "Steady"):
        item.name = name
        queue_save(actor=ACTOR, queue=item)

    assert "Changed and back" in results(signed_in("support"), COMPARE, since=ago(0.5))


def test_a_comparison_is_narrowed_to_a_server_or_a_tenant(signed_in: As) -> None:
    history()
    outgoing(tenant=TENANT)
    queue(name="Unrelated")
    client = signed_in("support")

    def found(**asked: str) -> set[str]:
        return {row["Name"] for row in rows_in(client, COMPARE, "json", since=ago(3.5), **asked)}

    assert found(server="renamed") == {"Renamed server", "box@contoso.example (Late queue)"}
    assert found(server="Gone") == {"Gone server"}
    assert found(tenant=TENANT.upper()) == {
        "Renamed server", "box@contoso.example (Late queue)", "External Outgoing Mail Server"
    }  # fmt: skip
    assert found(tenant=str(uuid.uuid4())) == set()
    assert found(kind="queue", q="unre") == {"Unrelated"}


def test_the_past_is_taken_away_in_each_format(signed_in: As) -> None:
    history()
    client = signed_in("support")

    for format_ in ("csv", "xlsx", "json"):
        [row] = rows_in(client, WHOLE, format_, kind="incoming_server", at=ago(1.5))
        assert (row["Name"], row["Authentication Type"], row["Secret"]) == ("Renamed server", "OAuth Service", "set")
    event = AuditEvent.objects.order_by("-seq")[0]
    assert (event.action, event.kind) == ("exported", "list")
    assert event.object_name.startswith("Incoming mail server as of ")


def test_no_two_columns_of_a_file_have_one_name(signed_in: As) -> None:
    address(queue=queue(name="Sales"))
    client = signed_in("superuser")

    for kind, _ in kinds():
        head = taken(client, WHOLE, "csv", kind=kind).decode("utf-8-sig").splitlines()[0].split(",")
        assert len(set(head)) == len(head), head
    [row] = rows_in(client, WHOLE, "json", kind="queue")
    assert row["Name"] == "Sales"


def test_kinds_that_may_not_be_viewed_are_absent(signed_in: As) -> None:
    history()
    group = person("support").groups.get()
    group.permissions.set(group.permissions.filter(codename__in=["view_auditevent", "view_queue"]))
    client = signed_in("support")

    assert "Renamed server" not in results(client, COMPARE, since=ago(9)).replace("<ins>Renamed server</ins>", "")
    assert "Incoming mail server" not in client.get(WHOLE).content.decode()
    assert "Late queue" in results(client, WHOLE)
    assert "Nothing matches" in results(client, WHOLE, kind="incoming_server")


def test_the_past_makes_as_many_queries_for_3_rows_as_for_30(signed_in: As) -> None:
    client = signed_in("superuser")

    def more(count: int) -> None:
        for _ in range(count):
            address(password=PASSWORD, server=incoming(authentication_type="oauth_user"))

    def queries() -> list[int]:
        counts = []
        for path in (WHOLE, f"{WHOLE}?kind=address", f"{COMPARE}?kind=address"):
            client.get(path)
            with CaptureQueriesContext(connection) as made:
                client.get(path)
            counts.append(len(made))
        return counts

    more(3)
    few = queries()
    more(27)

    assert queries() == few
    assert max(few) <= MOST, few
