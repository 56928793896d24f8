"""Counting to a limit, in one query for all parts."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from configurator.db.capped_count import counts_by_status, numbers, said, status_totals
from configurator.status import Status
from mailsettings.models import IncomingServer
from queues.models import Queue
from tests.people import incoming

pytestmark = pytest.mark.django_db


def test_each_part_is_counted_to_the_limit_in_one_query() -> None:
    for name in ("one", "two", "three"):
        incoming(name=name)
    servers = IncomingServer.objects.order_by("name")

    with CaptureQueriesContext(connection) as made:
        found = numbers({"all": servers, "t": servers.filter(name__startswith="t"), "none": Queue.objects.all()}, 2)

    assert found == {"all": 3, "t": 2, "none": 0}
    assert len(made) == 1


def test_a_part_that_can_hold_nothing_counts_as_nothing() -> None:
    incoming()

    assert numbers({"no": IncomingServer.objects.filter(pk__in=[]), "one": IncomingServer.objects.all()}) == {
        "no": 0,
        "one": 1,
    }


def test_only_statuses_that_occur_are_told() -> None:
    incoming(name="red", status=Status.BROKEN)
    incoming(name="new")

    rows = IncomingServer.objects.all()
    assert counts_by_status({"servers": rows, "queues": Queue.objects.all()}) == {
        "servers": {Status.BROKEN: 1, Status.UNCHECKED: 1},
        "queues": {},
    }
    assert status_totals(rows.filter(status="broken")) == {Status.BROKEN: 1}


def test_beyond_the_limit_the_number_is_not_pretended() -> None:
    assert (said(1_000), said(1_001), said(1_000, 999)) == ("1,000", "1,000+", "999+")
