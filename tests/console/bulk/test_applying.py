"""What was confirmed is done as the preview showed it, row by row, or told why it was not."""

from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from configurator.accounts.scope import WHOLE
from configurator.console.bulk.actions import ACTIONS
from configurator.console.bulk.models import Outcome, State
from configurator.vault.models import SealedSecret
from health.findings.models import Finding
from mailsettings.models import IncomingServer
from mailsettings.services import incoming_server_save
from queues import services as queue_services
from queues.models import Queue, QueueAddress
from queues.services import queue_delete, queue_save
from tests.console.bulk.jobs import asked_by, begun, done, told
from tests.people import ACTOR, address, incoming, outgoing, queue
from tests.queues.typed import PASSWORD
from tests.trail import trailed
from tokenchecks.models import CheckRound, CheckRun, Watch

pytestmark = pytest.mark.django_db


def test_each_row_has_one_event_of_the_one_request_and_is_checked() -> None:
    server, target = incoming(), incoming(name="Target")
    user = incoming(authentication_type="oauth_user")
    boxes = [address(server=server), address(server=user, password=PASSWORD), address(server=target)]
    CheckRun.objects.all().delete()
    job = begun("addresses", "change-server", *boxes, server=target)
    with trailed() as events:
        done(job)

    assert (job.state, job.counts(WHOLE)) == (State.DONE, {Outcome.DONE: 2, Outcome.UNCHANGED: 1})
    assert {(event.action, event.kind, event.actor_name, event.request_id) for event in events} == {
        ("changed", "address", "admin", "request-1")
    }
    assert {event.object_id for event in events} == {str(box.pk) for box in boxes[:2]}
    assert sorted(len(event.after) for event in events) == [1, 2]
    assert {run.subject_id for run in CheckRun.objects.filter(requested_by="admin")} == {box.pk for box in boxes[:2]}
    assert not QueueAddress.objects.exclude(server=target, password=None).exists()
    assert not SealedSecret.objects.filter(table="queues_queueaddress").exists()
    assert set(QueueAddress.objects.values_list("version", flat=True)) == {1, 2}


def test_a_disabled_queue_is_watched_no_more_and_an_enabled_one_again() -> None:
    box = address()
    done(begun("queues", "disable", box.queue))
    assert Watch.objects.get(subject_id=box.pk).due_at is None
    done(begun("queues", "enable", box.queue))
    assert Watch.objects.get(subject_id=box.pk).due_at is not None


def test_delete_takes_what_it_holds_and_leaves_what_is_used() -> None:
    used, unused = incoming(name="Used"), incoming(name="Unused")
    box = address(server=used)
    assert done(begun("servers", "delete", used, unused)).counts(WHOLE) == {Outcome.REFUSED: 1, Outcome.DONE: 1}
    with trailed() as events:
        done(begun("queues", "delete", box.queue))
    assert [(event.action, event.kind) for event in events] == [("deleted", "address"), ("deleted", "queue")]
    assert not CheckRun.objects.exclude(subject_id=used.pk).exists()
    assert done(begun("servers", "delete", used)).counts(WHOLE) == {Outcome.DONE: 1}
    assert not SealedSecret.objects.exists()


def test_check_now_is_one_round() -> None:
    server = incoming()
    boxes = [address(server=server) for _ in range(2)]
    address()
    outgoing()
    CheckRun.objects.all().delete()
    job = done(begun("servers", "check-now", server))
    assert job.onward == CheckRound.objects.get().get_absolute_url()
    assert {run.subject_id for run in CheckRound.objects.get().runs.all()} == {server.pk, *(box.pk for box in boxes)}


def test_rows_that_somebody_changed_after_the_preview_are_refused_and_nothing_of_theirs_is_lost() -> None:
    names = ("saved", "deleted", "untouched")
    rows = [queue(name=name) for name in names]
    job = begun("queues", "change-priority", *rows, priority=9)
    theirs = Queue.objects.get(pk=rows[0].pk)
    theirs.description = "Theirs"
    queue_save(actor=ACTOR, queue=theirs, version=1)
    queue_delete(actor=ACTOR, queue=Queue.objects.get(pk=rows[1].pk))
    with trailed() as events:
        done(job)

    assert told(job) == [
        ("refused", "1", "It was deleted meanwhile."),
        ("refused", "1", "tests changed it after the preview. Look at it and choose it anew."),
        ("done", "1", "9"),
    ]
    assert [event.object_name for event in events] == ["untouched"]
    assert list(Queue.objects.order_by("name").values_list("name", "priority", "description", "version")) == [
        ("saved", 1, "Theirs", 2),
        ("untouched", 9, "", 2),
    ]


def test_what_became_of_what_a_row_depends_on_is_told_too() -> None:
    """An address came to a queue that is to go, one came to a server, and a server became another one."""
    home, lonely, target = queue(name="Home"), incoming(name="Lonely"), incoming(name="Target")
    box = address(server=target)
    going = begun("queues", "delete", home), begun("servers", "delete", lonely)
    moving = begun("addresses", "change-server", box, server=incoming(name="New"))
    address(queue=home, server=lonely, address="late@contoso.example")
    target.name = "Renamed"
    incoming_server_save(actor=ACTOR, server=target, version=1)
    with trailed() as events:
        said = [told(done(job))[0] for job in (*going, moving)]

    assert [outcome for outcome, _, _ in said] == ["refused"] * 3
    assert "late@contoso.example" in said[0][2]
    assert said[1][2].startswith("In use by late@contoso.example (Home)")
    assert "Look again" in said[2][2]
    assert events == []


def test_one_that_the_service_refuses_lets_the_others_be_done(monkeypatch: pytest.MonkeyPatch) -> None:
    boxes = [address(address=f"{name}@contoso.example") for name in "abc"]
    job = begun("addresses", "change-priority", *boxes, priority=5)
    save = queue_services.addresses_save

    def refuse_b(*, actor, addresses):  # type: ignore[no-untyped-def]  # as the service
        save(actor=actor, addresses=addresses)
        if any(item.address.startswith("b") for item in addresses):
            raise IntegrityError

    monkeypatch.setattr(queue_services, "addresses_save", refuse_b)
    with trailed() as events:
        done(job)
    assert [outcome for outcome, _, _ in told(job)] == ["done", "refused", "done"]
    assert sorted(event.object_name[0] for event in events) == ["a", "c"]
    assert list(QueueAddress.objects.values_list("priority", flat=True)) == [5, None, 5]


def test_a_server_that_is_gone_ends_the_job_without_a_change() -> None:
    target, box = incoming(), address()
    job = begun("addresses", "change-server", box, server=target)
    target.delete()
    with trailed() as events:
        done(job)
    assert (job.state, job.problem) == (
        State.FAILED,
        "Choose the server that the mailbox is read through, by name and address.",
    )
    assert events == []


def test_what_it_changes_in_the_findings_is_seen_at_once(django_capture_on_commit_callbacks: object) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # pytest-django's fixture
        boxes = [address() for _ in range(3)]
    assert not Finding.objects.filter(rule="server_unused").exists()
    with django_capture_on_commit_callbacks(execute=True) as callbacks:  # type: ignore[operator]
        done(begun("addresses", "delete", *boxes))
    assert len(callbacks) <= 4
    assert Finding.objects.filter(rule="server_unused").count() == 3


def test_as_many_queries_for_1_row_as_for_5() -> None:
    def queries(count: int) -> dict[str, int]:
        target = incoming(name="Target")
        boxes = [address() for _ in range(count)]
        bare = [incoming(name="Unused") for _ in range(count)]
        made_by = {}
        rows: dict[Any, Any] = {QueueAddress: boxes, Queue: [box.queue for box in boxes], IncomingServer: bare}
        for model, what in ((QueueAddress, "addresses"), (Queue, "queues"), (IncomingServer, "servers")):
            for action in ACTIONS[model]:
                if action.danger and what == "addresses":
                    continue  # they go with their queues
                job = begun(
                    what,
                    action.key,
                    *model._default_manager.filter(pk__in=[row.pk for row in rows[model]]),
                    **asked_by(action, target),
                )
                with CaptureQueriesContext(connection) as made:
                    done(job)
                assert job.state == State.DONE
                made_by[f"{what} {action.key}"] = len(made)
        return made_by

    done(begun("queues", "check-now", address().queue))
    few = queries(1)
    assert queries(5) == few
    assert max(few.values()) <= 60, few
