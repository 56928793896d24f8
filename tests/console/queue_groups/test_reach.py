"""How far the rights of a person reach: to the queues of the groups that his roles are limited to."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from configurator.accounts.models import QueueGroup, Role, User
from configurator.accounts.scope import Scope
from configurator.console.people import services
from tests.people import ACTOR, As, address, group_made, incoming, limited, queue, role_made, user_made

pytestmark = pytest.mark.django_db


def test_a_right_reaches_as_far_as_the_roles_that_carry_it(north: QueueGroup, south: QueueGroup) -> None:
    user = limited("both", {"queue.view", "queue.modify"}, north)
    assert user.scope("queue.view") == Scope(frozenset({north.pk}))
    assert user.scope("audit_log.view") == Scope(frozenset())

    user.groups.add(role_made("Viewers of the south", held={"queue.view", "audit_log.view"}, groups=[south]))
    user = User.objects.get(pk=user.pk)
    assert user.scope("queue.view") == Scope(frozenset({north.pk, south.pk}))
    assert user.scope("queue.modify") == Scope(frozenset({north.pk}))
    user.groups.add(role_made("Readers of the log", held={"audit_log.view"}))
    user = User.objects.get(pk=user.pk)
    # Nobody sees more of a queue in the log than he may view of it.
    assert user.scope("audit_log.view") == user.scope("queue.view")
    user.groups.add(role_made("Viewers", held={"queue.view"}))
    user = User.objects.get(pk=user.pk)
    assert (user.scope("queue.view").is_whole, user.scope("queue.modify").is_whole) == (True, False)
    assert user_made("free", "Support").scope("queue.delete").is_whole


def test_who_is_not_limited_costs_no_query_more_and_who_is_one(client: Client, signed_in: As) -> None:
    def made(by: Client) -> int:
        by.get("/queues/")
        with CaptureQueriesContext(connection) as found:
            assert by.get("/queues/").status_code == 200
        joined = [query["sql"] for query in found if '"group_id" IN (' in query["sql"]]
        assert bool(joined) == (by is client)
        return len([query for query in found if "rolescope" in query["sql"]])

    assert (made(signed_in("queues")), made(client)) == (1, 2)


def test_what_is_taken_away_is_gone_at_the_next_request(client: Client, kim: User, north: QueueGroup) -> None:
    own = queue(name="Northern", group=north)
    page = own.get_absolute_url()
    assert client.get(page).status_code == 200

    role = Role.roles.get(user=kim)
    held = role.rights_held()
    services.role_save(actor=ACTOR, role=role, held=held, groups=[group_made("West")])
    assert client.get(page).status_code == 404
    assert "Northern" not in client.get("/queues/").content.decode()
    services.role_save(actor=ACTOR, role=role, held=held)
    assert client.get(page).status_code == 200


def test_totals_count_what_is_listed(client: Client, north: QueueGroup, south: QueueGroup) -> None:
    server = incoming(name="Shared")
    for group in (north, south, south, None):
        address(queue=queue(name="Any", group=group), server=server)

    for name in ("queues:queue_list", "tokenchecks:address_list"):
        answer = client.get(reverse(name))
        assert sum(answer.context["totals"].values()) == len(list(answer.context["table"].rows)) == 1
    standing = client.get(reverse("tokenchecks:standing_list"))
    assert sum(standing.context["totals"].values()) == 2  # the server, and his address
    [row] = client.get(reverse("mailsettings:incoming_list")).context["table"].rows
    assert row.get_cell("queue_count") == 1
    assert "1 queue and 1 address" in client.get(server.get_absolute_url()).content.decode()
