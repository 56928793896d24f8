"""What somebody who is limited to queue groups does to queues outside of them, by whatever way: nothing."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from configurator.accounts.actor import Actor
from configurator.accounts.models import QueueGroup, User
from configurator.console.bulk.models import BulkJob, Outcome
from configurator.console.people import services
from health.acknowledgements.services import acknowledge
from health.alarms.services.warnings import WarningSubject
from health.findings.services.acknowledgements import FindingSubject
from imports.reading import BadFile
from imports.services import upload
from queues.models import Queue, QueueAddress
from queues.services import address_delete, address_save, queue_delete, queue_save, queues_save
from tests.console.people.test_role_views import errors
from tests.console.queue_groups.hidden import Estate
from tests.people import address, incoming, queue
from tests.queues.typed import ADDRESS, QUEUE
from tokenchecks.models import CheckRun
from tokenchecks.services.acts import dry_run

pytestmark = pytest.mark.django_db


def test_a_queue_is_made_and_kept_within_his_groups(client: Client, north: QueueGroup, south: QueueGroup) -> None:
    new, own = reverse("queues:queue_new"), queue(name="Northern", group=north)
    for group in ("", str(south.pk), "nonsense"):
        assert "group" in errors(client.post(new, QUEUE | {"name": "Mine", "group": group}))
        sent = QUEUE | {"name": "Mine", "group": group, "version": own.version}
        assert "group" in errors(client.post(own.get_absolute_url(), sent))
    offered = client.get(new).content.decode()
    assert str(north.pk) in offered
    assert str(south.pk) not in offered

    assert client.post(new, QUEUE | {"name": "Mine", "group": str(north.pk)}).status_code == 302
    assert Queue.objects.get(name="Mine").group == north


def test_the_services_refuse_what_is_outside(kim: User, north: QueueGroup, south: QueueGroup) -> None:
    actor, own, other = Actor.of(kim), queue(name="Own", group=north), queue(name="Other", group=south)
    box, server = address(queue=other), incoming()
    moved = QueueAddress(queue=other, address="a@contoso.example", account="a@contoso.example", server=server)
    own_box = address(queue=own, server=server)
    carried = QueueAddress.objects.get(pk=own_box.pk)
    carried.queue = other
    given = Queue.objects.get(pk=own.pk)
    given.group = south
    acts: list[Any] = [
        lambda: queue_save(actor=actor, queue=Queue(name="None")),
        lambda: queue_save(actor=actor, queue=Queue(name="South", group=south)),
        lambda: queue_save(actor=actor, queue=other),
        lambda: queue_save(actor=actor, queue=given),
        lambda: queues_save(actor=actor, queues=[given]),
        lambda: queue_delete(actor=actor, queue=other),
        lambda: address_save(actor=actor, address=moved),
        lambda: address_save(actor=actor, address=carried),
        lambda: address_delete(actor=actor, address=box),
        lambda: dry_run(actor=actor, moves=[(box, server)]),
        lambda: acknowledge(actor=actor, subject=WarningSubject("address", box.pk), reason="x"),
        lambda: services.queue_group_save(actor=actor, group=QueueGroup(name="Mine")),
        lambda: services.queue_group_delete(actor=actor, group=north),
    ]
    for act in acts:
        with pytest.raises(PermissionDenied):
            act()
    with pytest.raises(BadFile):
        upload(user=kim, kind="queue", name="x.txt", file=None)  # type: ignore[arg-type]


def test_an_address_that_is_taken_elsewhere_is_refused_without_a_word_of_where(
    client: Client, north: QueueGroup, south: QueueGroup
) -> None:
    own, server = queue(name="Own", group=north), incoming()
    address(queue=queue(name="Secret plans", group=south), address="taken@contoso.example")
    sent = ADDRESS | {"address": "taken@contoso.example", "server": str(server.pk)}

    answer = client.post(reverse("queues:address_new", args=[own.pk]), sent)

    assert answer.status_code == 422
    assert "cannot be used here" in answer.content.decode()
    assert "Secret plans" not in answer.content.decode()


def test_of_many_rows_his_own_alone_are_done(client: Client, kim: User, north: QueueGroup, south: QueueGroup) -> None:
    own, other = queue(name="Own", group=north), queue(name="Hidden", group=south)
    begin = reverse("bulk:begin", args=["queues", "disable"])

    for sent in ({"all": "on", "query": "q=i"}, {"all": "on", "query": ""}, {"row": [own.pk, other.pk]}):
        job = client.post(begin, sent)["Location"]
        assert "Hidden" not in client.get(job).content.decode()
        client.post(f"{job}confirm/")
    assert set(BulkJob.objects.filter(user=kim).values_list("rows__object_id", "rows__outcome")) == {
        (None, None),
        (own.pk, Outcome.DONE),
        (own.pk, Outcome.UNCHANGED),
        (other.pk, Outcome.REFUSED),
    }
    assert dict(Queue.objects.values_list("name", "enabled")) == {"Own": False, "Hidden": True}
    assert client.post(reverse("bulk:begin", args=["queues", "change-group"]), {"row": [own.pk]}).status_code == 403


def test_a_check_covers_his_own_alone(client: Client, north: QueueGroup, south: QueueGroup) -> None:
    server = incoming()
    own = address(queue=queue(group=north), server=server)
    address(queue=queue(group=south), server=server)
    CheckRun.objects.all().delete()

    client.post(reverse("tokenchecks:check_now", args=["incoming_server", server.pk]))
    assert set(CheckRun.objects.values_list("subject_id", flat=True)) == {server.pk, own.pk}
    CheckRun.objects.all().delete()
    page = client.post(reverse("tokenchecks:check_all"), follow=True)
    assert set(CheckRun.objects.values_list("subject_id", flat=True)) == {server.pk, own.pk}
    assert page.context["progress"].total == 2


def test_a_finding_outside_is_not_acknowledged(kim: User) -> None:
    estate = Estate("East", "West")
    with pytest.raises(PermissionDenied):
        acknowledge(actor=Actor.of(kim), subject=FindingSubject(estate.closed["finding"]), reason="x")
