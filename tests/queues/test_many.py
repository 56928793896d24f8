"""Many queues or addresses at once leave what as many single saves leave, in as many queries as one."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from configurator.accounts.actor import Actor
from configurator.audit.services import gathered
from configurator.console.records.record import StaleVersion
from configurator.vault.models import SealedSecret
from mailsettings.models import IncomingServer
from mailsettings.services import incoming_servers_delete
from queues import services
from queues.models import Queue, QueueAddress
from tests.people import ACTOR, address, incoming
from tests.queues.typed import PASSWORD
from tests.trail import trailed
from tokenchecks.models import CheckRun, Watch

NOBODY = Actor(id="0", name="nobody")
pytestmark = pytest.mark.django_db


def boxes(count: int, server: IncomingServer, **values: Any) -> list[QueueAddress]:
    """Store addresses on that server, each on a queue of its own, and return them as a page would read them."""
    made = [address(server=server, **values) for _ in range(count)]
    return list(QueueAddress.objects.whole().filter(pk__in=[item.pk for item in made]))


def essence(event: Any) -> tuple[Any, ...]:
    """Return what an event says, whatever it is about."""
    return event.action, event.kind, event.actor_name, event.before, event.after


def test_a_move_of_many_says_and_leaves_what_single_moves_do() -> None:
    user, target = incoming(authentication_type="oauth_user"), incoming(name="Target")
    one, *more = boxes(4, user, password=PASSWORD)
    CheckRun.objects.all().delete()
    one.server = target
    with trailed() as single:
        services.address_save(actor=ACTOR, address=one, version=one.version)
    for item in more:
        item.server = target
    with trailed() as many, gathered():
        services.addresses_save(actor=ACTOR, addresses=more)

    assert {str(essence(event)) for event in many} == {str(essence(single[0]))}
    assert len(many) == len(more)
    assert not SealedSecret.objects.filter(table="queues_queueaddress").exists()
    stored = QueueAddress.objects.filter(server=target, password=None, version=2, changed_by=ACTOR.name)
    assert stored.count() == 4
    assert CheckRun.objects.filter(state="queued", requested_by=ACTOR.name).count() == 4


def test_many_queues_are_saved_and_deleted_as_single_ones() -> None:
    server = incoming()
    rows = [item.queue for item in boxes(3, server)]
    for row in rows:
        row.enabled = False
    with trailed() as saved, gathered():
        services.queues_save(actor=ACTOR, queues=rows)
    assert [(event.before, event.after) for event in saved] == [({"enabled": True}, {"enabled": False})] * 3
    assert not Watch.objects.filter(kind="address", due_at__isnull=False).exists()

    with trailed() as deleted, gathered():
        services.queues_delete(actor=ACTOR, queues=rows)
    assert [event.kind for event in deleted] == ["address"] * 3 + ["queue"] * 3
    assert {event.action for event in deleted} == {"deleted"}
    assert (Queue.objects.count(), QueueAddress.objects.count()) == (0, 0)
    assert not Watch.objects.filter(kind="address").exists()

    with trailed() as gone, gathered():
        incoming_servers_delete(actor=ACTOR, servers=[server])
    assert [essence(event)[:2] for event in gone] == [("deleted", "incoming_server")]
    assert not SealedSecret.objects.exists()


def test_one_that_is_refused_lets_none_be_written() -> None:
    user, target = incoming(authentication_type="oauth_user"), incoming()
    rows = boxes(2, target)
    rows[1].server = user
    rows[0].priority = 5
    with pytest.raises(ValidationError, match="OAuth User needs the password"):
        services.addresses_save(actor=ACTOR, addresses=rows)
    rows[1].refresh_from_db()
    rows[1].priority = 0
    with pytest.raises(ValidationError, match="Enter a whole number from 1"):
        services.addresses_save(actor=ACTOR, addresses=rows)
    Queue.objects.filter(pk=rows[1].queue_id).update(version=9)
    homes = [row.queue for row in rows]
    with pytest.raises(StaleVersion):
        services.queues_save(actor=ACTOR, queues=homes)
    Queue.objects.filter(pk=homes[1].pk).delete()
    with pytest.raises(Queue.DoesNotExist):
        services.queues_delete(actor=ACTOR, queues=homes)
    assert list(QueueAddress.objects.values_list("priority", "version")) == [(None, 1)]


def test_nobody_does_it_without_the_right() -> None:
    box = address()
    acts: tuple[Callable[[], object], ...] = (
        lambda: services.queues_save(actor=NOBODY, queues=[box.queue]),
        lambda: services.queues_delete(actor=NOBODY, queues=[box.queue]),
        lambda: services.addresses_save(actor=NOBODY, addresses=[box]),
        lambda: services.addresses_delete(actor=NOBODY, addresses=[box]),
        lambda: incoming_servers_delete(actor=NOBODY, servers=[box.server]),
    )
    for act in acts:
        with pytest.raises(PermissionDenied):
            act()


def test_as_many_queries_for_3_as_for_30() -> None:
    server, other = incoming(), incoming()

    def queries(rows: list[QueueAddress]) -> int:
        for row in rows:
            row.server, row.priority = other, 3
        with CaptureQueriesContext(connection) as made, gathered():
            services.addresses_save(actor=ACTOR, addresses=rows)
        with CaptureQueriesContext(connection) as removed, gathered():
            services.addresses_delete(actor=ACTOR, addresses=rows)
        return len(made) + len(removed)

    assert queries(boxes(3, server)) == queries(boxes(30, server))
