"""What somebody who is limited to queue groups does to queues outside of them, by whatever way: nothing."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import ProtectedError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alarms.services import dismiss
from configurator.accounts.actor import Actor
from configurator.accounts.models import QueueGroup, Role, User
from configurator.accounts.rights import ALL, manage, view
from configurator.accounts.scope import Scope
from configurator.audit.models import AuditEvent
from configurator.console.bulk.models import BulkJob, Outcome
from configurator.console.people import services
from configurator.console.people.services import HELD
from findings.services import acknowledge
from imports.reading import BadFile
from imports.services import upload
from queues.models import Queue, QueueAddress
from queues.services import address_delete, address_save, queue_delete, queue_save, queues_save
from tests.accounts.test_roles_page import errors, ticked
from tests.console.hidden import CANARY, Estate
from tests.console.test_queue_groups import texts
from tests.people import ACTOR, address, group_made, incoming, limited, queue, role_made, user_made
from tests.queues.typed import ADDRESS, QUEUE
from tokenchecks.models import CheckRun
from tokenchecks.services import dry_run

QUEUES = manage("queue", "token_check") | view("incoming_server", "audit_log")
pytestmark = pytest.mark.django_db


@pytest.fixture
def north() -> QueueGroup:
    """Return the group that is his."""
    return group_made("North")


@pytest.fixture
def south() -> QueueGroup:
    """Return the group that is not."""
    return group_made("South")


@pytest.fixture
def kim(north: QueueGroup) -> User:
    """Return one who manages the queues of the group."""
    return limited("kim-of-the-north", QUEUES, north)


@pytest.fixture
def client(kim: User) -> Client:
    """Return his client."""
    client = Client()
    client.force_login(kim)
    return client


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


def test_who_is_not_limited_costs_no_query_more_and_who_is_one(client: Client, signed_in: Any) -> None:
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
    services.role_save(actor=ACTOR, role=role, held=QUEUES, groups=[group_made("West")])
    assert client.get(page).status_code == 404
    assert "Northern" not in client.get("/queues/").content.decode()
    services.role_save(actor=ACTOR, role=role, held=QUEUES)
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


def test_a_queue_is_made_and_kept_within_his_groups(client: Client, north: QueueGroup, south: QueueGroup) -> None:
    new, own = reverse("queues:queue_new"), queue(name="Northern", group=north)
    for group in ("", str(south.pk), "nonsense"):
        assert "group" in errors(client.post(new, QUEUE | {"name": "Mine", "group": group}))
        sent = QUEUE | {"name": "Mine", "group": group, "version": own.version}
        assert "group" in errors(client.post(own.get_absolute_url(), sent))
    assert "South" not in client.get(new).content.decode()

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
        lambda: dismiss(actor=actor, kind="address", subject_id=box.pk, reason="x", until=None),  # type: ignore[arg-type]
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
    assert page.context["object"].total == 2


def test_the_past_tells_nothing_of_what_is_outside() -> None:
    estate, client = Estate(), Client()
    client.force_login(limited("looks-back", ALL, estate.inside))
    moved = QueueAddress.objects.get(address="moved@contoso.example")
    first = AuditEvent.objects.of_object("address", moved.pk).order_by("seq")[0]
    given = Queue.objects.get(name="Given over")
    born = AuditEvent.objects.of_object("queue", given.pk).order_by("seq")[0]
    gone = AuditEvent.objects.of_object("queue", estate.gone.pk).order_by("seq")[0]

    for kind, pk in (("queue", estate.hidden.queue_id), ("address", estate.hidden.pk), ("queue", estate.gone.pk)):
        assert client.get(reverse("console:as_of", args=[kind, pk])).status_code == 404
        assert client.get(reverse("console:last_event", args=[kind, pk])).status_code == 404
    for event in (first, born, gone):
        assert client.get(event.get_absolute_url()).status_code == 404
    for kind, pk, event in (("address", moved.pk, first), ("queue", given.pk, born), ("queue", given.pk, gone)):
        page = client.get(reverse("console:as_of", args=[kind, pk]), {"at_event": event.seq})
        assert page.status_code == 200
        assert "was not there yet" in page.content.decode() or event == gone
        assert CANARY not in texts(page)
    for asked in ("kind=address", "kind=queue", "kind=address&q=kapi", "kind=address&format=csv"):
        for at in (first.seq, AuditEvent.MOST):
            assert CANARY not in texts(client.get(f"/audit-log/as-of/?{asked}&at_event={at}"))
    for until in (first.seq, gone.seq):
        assert CANARY not in texts(client.get(f"/audit-log/compare/?since_event=1&until_event={until}"))
    # What happened to it since it came is told.
    assert "moved@contoso.example" in texts(client.get("/audit-log/as-of/?kind=address"))
    for asked in (
        f"/queues/new/?put_back={gone.seq}&of={estate.gone.pk}",
        f"/queues/new/?copy={estate.hidden.queue_id}&part=basics&part=email&name=x",
        f"/queues/{given.pk}/?put_back={born.seq}",
        f"/alarms/stopped/addresses/?cause=account_missing&scope=server:{estate.server.pk}",
        f"/alarms/stopped/queues/?day={estate.server.secret_expires_on}",
        "/alarms/?q=kapi",
        "/audit-log/?q=kapi",
    ):
        assert CANARY not in texts(client.get(asked)), asked


def test_a_server_says_nothing_of_who_uses_it_elsewhere() -> None:
    estate, client = Estate(), Client()
    client.force_login(limited("of-servers", ALL, estate.inside))

    delete = client.post(reverse("mailsettings:incoming_delete", args=[estate.server.pk]))
    assert delete.status_code == 409
    assert CANARY not in texts(delete)
    assert "queues that you may not view" in delete.content.decode()
    job = client.post(reverse("bulk:begin", args=["incoming-servers", "delete"]), {"row": [estate.server.pk]})
    assert CANARY not in texts(client.get(job["Location"]))
    user = estate.user_server
    sent = {
        "name": user.name, "address": user.address, "authentication_type": "oauth_service", "secret": "s3cret~of-it",
        "client_id": str(user.client_id), "version": user.version,
    }  # fmt: skip
    changed = client.post(user.get_absolute_url(), sent)
    assert changed.status_code == 422
    assert CANARY not in texts(changed)
    mail = client.post(
        reverse("tokenchecks:test_mail_outgoing"),
        {"sender": estate.hidden.address, "recipient": "me@contoso.example", "confirmed": "on"},
    )
    assert mail.status_code == 422


def test_he_gives_no_more_queues_than_his_own(north: QueueGroup, south: QueueGroup) -> None:
    clerk = limited("clerk", ALL, north)
    client = Client()
    client.force_login(clerk)
    new = reverse("console:role_new")

    for groups in ([], [str(south.pk)], [str(north.pk), str(south.pk)]):
        assert "queue_groups" in errors(client.post(new, ticked("queue.view", name="More", queue_groups=groups)))
    assert client.post(new, ticked("queue.view", name="Same", queue_groups=[str(north.pk)])).status_code == 302
    wide = role_made("Wide", held={"queue.view"})
    assert client.post(wide.get_absolute_url(), ticked("queue.view", version=wide.version)).status_code == 403
    kim = user_made("kim")
    kept = {"username": "kim", "is_active": "on", "version": kim.version}
    assert "groups" in errors(client.post(kim.get_absolute_url(), kept | {"groups": [str(wide.pk)]}))
    own = Role.roles.get(user=clerk)
    both = role_made("Both", held={"queue.view"}, groups=[north, south])
    User.objects.get(pk=clerk.pk).groups.add(both)
    sent = ticked(*ALL, name=own.name, version=own.version, queue_groups=[str(north.pk), str(south.pk)])
    assert "queue_groups" in errors(client.post(own.get_absolute_url(), sent))
    assert Role.roles.get(pk=own.pk).scope() == Scope(frozenset({north.pk}))


def test_nobody_widens_a_role_of_his_own(north: QueueGroup, south: QueueGroup) -> None:
    boss = user_made("boss", "Superuser")
    part = role_made("Part", held={"queue.view"}, groups=[north])
    boss.groups.add(part)
    with pytest.raises(Exception, match="yourself") as refused:
        services.role_save(actor=Actor.of(boss), role=part, held={"queue.view"}, groups=[north, south])
    assert HELD in str(refused.value)


def test_the_last_who_may_do_everything_is_not_limited(north: QueueGroup) -> None:
    user_made("boss", "Superuser")
    limited("nearly", ALL, north)
    assert [user.username for user in User.people.superusers()] == ["boss"]


def test_a_group_in_use_stays(north: QueueGroup, south: QueueGroup, signed_in: Any) -> None:
    role_made("Of the north", held={"queue.view"}, groups=[north])
    queue(name="Southern", group=south)
    for group, user in ((north, "the role Of the north"), (south, "Southern")):
        with pytest.raises(ProtectedError):
            services.queue_group_delete(actor=ACTOR, group=group)
        answer = signed_in("superuser").post(reverse("console:queue_group_delete", args=[group.pk]))
        assert answer.status_code == 409
        assert user in answer.content.decode()
    spare = group_made("Spare")
    assert signed_in("superuser").post(reverse("console:queue_group_delete", args=[spare.pk])).status_code == 302


def test_a_group_is_named_once_in_whatever_spelling(north: QueueGroup, signed_in: Any) -> None:
    client, new = signed_in("superuser"), reverse("console:queue_group_new")
    for name in ("north", "", " ", "a\nb"):
        assert client.post(new, {"name": name}).status_code == 422, name
    made = client.post(new, {"name": "East"}, follow=True)
    assert made.status_code == 200
    event = AuditEvent.objects.order_by("-seq")[0]
    assert (event.kind, event.action, event.after) == ("queue_group", "created", {"name": "East"})
    stale = {"name": "West", "version": "1"}
    assert client.post(made.context["object"].get_absolute_url(), stale).status_code == 409


def test_a_finding_outside_is_not_acknowledged(kim: User) -> None:
    estate = Estate("East", "West")
    with pytest.raises(PermissionDenied):
        acknowledge(actor=Actor.of(kim), pk=estate.closed["finding"], reason="x")
