"""One import is one act: a line in Start and in the Audit Log, which leads to the events of its rows."""

import html

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from configurator.audit.models import AuditEvent
from imports.models import Import
from tests.console.exported import rows_in
from tests.imports.files import applied, looked_at, tab
from tests.people import As, group_made, limited, queue

pytestmark = pytest.mark.django_db
LOG = "/audit-log/"


def imported(count: int, name: str = "Queue") -> Import:
    """Import so many new queues."""
    return applied(
        looked_at("queue", tab(("Name",), *((f"{name} {number}",) for number in range(count))), name="q.txt")
    )


def page(client: Client, path: str, **asked: str) -> str:
    """Return the page's text."""
    return html.unescape(client.get(path, asked).content.decode())


def test_the_audit_log_shows_one_line_that_leads_to_the_rows(signed_in: As) -> None:
    found, admin = imported(5), signed_in("admin")
    queue(name="By hand")

    assert "&lt;" not in admin.get(LOG).content.decode()
    folded = page(admin, LOG)
    assert found.name in folded
    assert "By hand" in folded
    assert "Queue 3" not in folded
    assert f'<a href="/audit-log/?request={found.name}">Show each row’s event</a>' in folded
    rows = page(admin, LOG, request=found.name)
    assert all(f"Queue {number}" in rows for number in range(5))
    assert "By hand" not in rows
    event = AuditEvent.objects.get(action="imported")
    assert f"?request={found.name}" in page(admin, event.get_absolute_url())
    assert f"?request={found.name}" in page(admin, found.get_absolute_url())


@pytest.mark.parametrize("asked", [{"q": "Queue 3"}, {"kind": "queue"}, {"action": "created"}, {"field": "name"}])
def test_a_search_finds_the_rows(asked: dict[str, str], signed_in: As) -> None:
    imported(5)

    assert "Queue 3" in page(signed_in("admin"), LOG, **asked)


def test_a_period_alone_is_no_search_and_a_file_holds_every_event(signed_in: As) -> None:
    imported(5)
    admin = signed_in("admin")

    assert "Queue 3" not in page(admin, LOG, begin="2020-01-01")
    assert "Queue 3" in {row["Name"] for row in rows_in(admin, LOG, "json")}


def test_start_tells_of_the_import_alone(signed_in: As) -> None:
    found, admin = imported(12), signed_in("admin")

    start = page(admin, "/")
    assert f'<a href="/audit-log/?request={found.name}">q.txt ({found.name})</a>' in start
    assert "Import of 12 rows: Queues" in start
    assert "Queue 3" not in start


def test_who_sees_some_queues_alone_sees_their_rows() -> None:
    """The import's own event tells of all queues, so that he sees none that could stand for them."""
    kim = limited("kim", {"queue.view", "audit_log.view"}, group_made("North"))
    applied(looked_at("queue", tab(("Name", "Queue Group"), ("Queue 1", "North"), ("Queue 2", ""))))
    client = Client()
    client.force_login(kim)

    for path in ("/", LOG):
        shown = page(client, path)
        assert "Queue 1" in shown
        assert "Queue 2" not in shown
        assert "import-" not in shown


def test_large_imports_cost_no_query_more(signed_in: As) -> None:
    admin, made = signed_in("admin"), []
    for count in (2, 80):
        imported(count, name=f"Of {count}")
        for path in ("/", LOG):
            admin.get(path)
            with CaptureQueriesContext(connection) as queries:
                admin.get(path)
            made.append(len(queries))

    assert made[:2] == made[2:]
