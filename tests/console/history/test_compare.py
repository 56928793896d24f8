"""How much of the trail a comparison reads: the events between its instants, however many there are beside them."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.million import store
from configurator.audit.models import AuditEvent
from tests.people import As

ADDRESSES, BETWEEN = 400, 100


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield each step of the plan."""
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


@pytest.mark.django_db
def test_a_comparison_reads_no_more_than_lies_between(signed_in: As) -> None:
    store(ADDRESSES)
    client, last = signed_in("support"), AuditEvent.objects.head().seq
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    asked = {"since_event": last - BETWEEN, "until_event": last}
    with CaptureQueriesContext(connection) as made:
        assert client.get(reverse("console:compare"), asked).status_code == 200
    of_the_page = [query["sql"] for query in made if "MAX(" in query["sql"]]
    assert of_the_page
    for sql in of_the_page:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql.replace('%', '%%')}")
            plan = cursor.fetchone()[0]
        found = plan if isinstance(plan, list) else json.loads(plan)
        read = max(node["Actual Rows"] * node["Actual Loops"] for node in nodes(found[0]["Plan"]))
        assert read <= 2 * BETWEEN, sql
