"""How many queries a page makes: few, and the same whatever the number of rows."""

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from configurator.accounts.models import User
from health.findings.services import reconcile
from mailsettings.models import IncomingServer
from queues.models import Queue
from tests.mailsettings.slots import FIRST, THIRD, switched, with_next
from tests.people import As, address, group_made, incoming, queue, role_made
from tests.queues.typed import PASSWORD
from tokenchecks.engine.results import StageResult
from tokenchecks.models import CheckResult, CheckRun
from tokenchecks.subjects.transcript import stage_as_stored

MOST = 8
LISTS = (
    "mailsettings:incoming_list",
    "queues:queue_list",
    "queues:secret_list",
    "tokenchecks:standing_list",
    "tokenchecks:run_list",
    "tokenchecks:risk_list",
    "tokenchecks:address_list",
    "findings:list",
    "alarms:trouble_list",
    "alarms:stopped_queues",
    "alarms:stopped_addresses",
    "imports:list",
    "console:audit_log",
    "console:whole",
    "console:user_list",
    "console:role_list",
    "console:queue_group_list",
)
ASK_HOW_MANY = {
    "tokenchecks:run_list",
    "console:audit_log",
    "console:whole",
    "console:user_list",
    "console:queue_group_list",
}
pytestmark = pytest.mark.django_db


def queries(client: Client, path: str) -> int:
    """Return how many queries opening the page makes, the second time."""
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as made:
        assert client.get(path).status_code == 200
    return len(made)


def servers(count: int) -> None:
    """Store servers of both types, each with an address on a queue."""
    for number in range(count):
        group = group_made(f"Group {number} of {count}")
        address(server=incoming(name=f"Server {number}"), queue=queue(name=f"Queue {number}", group=group))
        user = incoming(name=f"User {number}", authentication_type="oauth_user")
        address(server=user, queue=queue(name=f"Queue of {number}"), password=PASSWORD)
        role = role_made(f"Role {number} of {count}", held={"queue.view"})
        User.objects.create(username=f"user-{number}-of-{count}").groups.set([role])


def test_each_list_makes_few_queries_at_3_and_at_60_rows(signed_in: As) -> None:
    client = signed_in("superuser")

    servers(3)
    reconcile()
    few = {name: queries(client, reverse(name)) for name in LISTS}
    servers(57)
    reconcile()
    many = {name: queries(client, reverse(name)) for name in LISTS}

    # Where a page shows all rows nobody asks how many there are, but where they are counted by their states.
    assert many == {name: made + (name in ASK_HOW_MANY) for name, made in few.items()}
    assert {name: made for name, made in many.items() if made > MOST} == {}


def check_and_break(box_id: uuid.UUID) -> None:
    """Give the address a check that broke, with a remedy in one of its fields."""
    run = CheckRun.objects.get(subject_id=box_id)
    broken = StageResult("token", "broken", cause="account_missing", field="account", owner="queue_address")
    CheckResult.objects.create(
        run=run, kind=run.kind, subject_id=box_id, status="broken", attempt=1, stages=[stage_as_stored(broken)]
    )
    CheckRun.objects.filter(pk=run.pk).update(state="done")


def add_boxes(to: Queue, count: int) -> None:
    """Put OAuth User addresses on the queue, each with a check that broke."""
    server = incoming(authentication_type="oauth_user")
    for _ in range(count):
        check_and_break(address(queue=to, server=server, password=PASSWORD).pk)


def test_a_queue_makes_as_many_for_2_addresses_as_for_20(signed_in: As) -> None:
    item, client = queue(), signed_in("admin")

    add_boxes(item, 2)
    few = queries(client, item.get_absolute_url())
    add_boxes(item, 18)
    many = queries(client, item.get_absolute_url())

    assert few == many


def add_shared(to: IncomingServer, count: int) -> None:
    """Put addresses on the server, each on a queue of its own."""
    for _ in range(count):
        address(server=to)


def test_a_server_makes_as_many_for_2_addresses_as_for_20(signed_in: As) -> None:
    server, client = incoming(), signed_in("admin")

    add_shared(server, 2)
    few = queries(client, server.get_absolute_url())
    add_shared(server, 18)
    many = queries(client, server.get_absolute_url())

    assert few == many


def test_a_server_with_all_slots_filled_makes_a_query_more_for_each_slot_and_one_for_the_test_of_the_next(
    signed_in: As,
) -> None:
    server, client = incoming(secret=FIRST), signed_in("admin")

    bare = queries(client, server.get_absolute_url())
    with_next(switched(server), THIRD)

    assert queries(client, server.get_absolute_url()) <= bare + 2 + 1
