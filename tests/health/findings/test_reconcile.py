"""When the rules are applied, and what that writes."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from health.findings import tasks
from health.findings.models import Finding, Look
from health.findings.services import reconcile, reconcile_objects
from health.findings.services.reconcile import LOCK
from mailsettings.services import incoming_server_delete
from queues.services import address_delete, queue_delete
from tests.people import ACTOR, address, incoming, outgoing, queue

pytestmark = pytest.mark.django_db
Committed = Callable[..., Any]


def rules_of(row: Any) -> set[str]:
    """Return the rules that were found to hold for the row."""
    return set(Finding.objects.filter(subject_id=row.pk).values_list("rule", flat=True))


def test_a_save_is_looked_at_once_it_is_committed(django_capture_on_commit_callbacks: Committed) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        server = incoming()

    assert rules_of(server) == {"server_unused", "secret_without_date"}


def test_an_address_is_looked_at_with_its_queue_and_server(django_capture_on_commit_callbacks: Committed) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        server, home = incoming(), queue()
    assert "queue_without_address" in rules_of(home)

    with django_capture_on_commit_callbacks(execute=True):
        item = address(server=server, queue=home, account="anna@contoso.example")
    assert "queue_without_address" not in rules_of(home)
    assert "server_unused" not in rules_of(server)
    assert rules_of(item) == {"address_unlike_account"}

    with django_capture_on_commit_callbacks(execute=True):
        address_delete(actor=ACTOR, address=item)
    assert "queue_without_address" in rules_of(home)
    assert "server_unused" in rules_of(server)
    assert rules_of(item) == set()


@pytest.mark.django_db(transaction=True)
def test_a_save_succeeds_where_its_findings_cannot_be_written() -> None:
    """The next round of the rules finds them."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE findings_finding RENAME TO elsewhere")
        try:
            server = incoming()
        finally:
            cursor.execute("ALTER TABLE elsewhere RENAME TO findings_finding")
    assert rules_of(server) == set()

    reconcile()
    assert rules_of(server) == {"server_unused", "secret_without_date"}


def test_an_address_is_found_on_the_queue_that_it_moved_to(django_capture_on_commit_callbacks: Committed) -> None:
    item, other = address(account="anna@contoso.example"), queue(name="Other")
    reconcile()
    type(item).objects.filter(pk=item.pk).update(queue=other)
    reconcile()

    assert Finding.objects.get(subject_id=item.pk).home == other.pk


def test_what_is_deleted_has_no_findings(django_capture_on_commit_callbacks: Committed) -> None:
    server, item = incoming(), address(account="anna@contoso.example")
    reconcile()
    assert rules_of(server)
    assert rules_of(item)

    with django_capture_on_commit_callbacks(execute=True):
        incoming_server_delete(actor=ACTOR, server=server)
        queue_delete(actor=ACTOR, queue=item.queue)
    assert rules_of(server) == rules_of(item) == rules_of(item.queue) == set()


def test_a_look_that_finds_nothing_new_writes_nothing() -> None:
    address(server=incoming(secret_expires_on=None))
    outgoing()
    queue()
    reconcile()
    kept = list(Finding.objects.order_by("pk").values())

    with CaptureQueriesContext(connection) as made:
        reconcile()
    assert list(Finding.objects.order_by("pk").values()) == kept
    assert not [query for query in made if query["sql"].startswith("INSERT") and "findings_finding" in query["sql"]]


def test_a_look_says_when_it_was() -> None:
    tasks.reconcile()
    first = Look.objects.get()
    tasks.reconcile()

    assert Look.objects.get().at > first.at


def test_a_rule_that_is_no_more_leaves_nothing() -> None:
    Finding.objects.create(rule="of_old", rank=0, kind="queue", subject_id=queue().pk, name="Support")
    reconcile()

    assert not Finding.objects.filter(rule="of_old").exists()


def test_the_look_at_one_object_asks_once_for_all_rules() -> None:
    item = address(account="anna@contoso.example")

    with CaptureQueriesContext(connection) as made:
        reconcile_objects("address", item.pk)
    assert len(made) <= 6, [query["sql"][:80] for query in made]


@pytest.mark.django_db(transaction=True)
def test_a_second_look_beside_the_first_does_nothing() -> None:
    incoming()
    held, over = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            held.set()
            over.wait(20)
        connection.close()

    other = threading.Thread(target=hold)
    other.start()
    held.wait(20)
    Finding.objects.all().delete()
    reconcile()
    assert not Look.objects.exists()
    assert not Finding.objects.exists()
    over.set()
    other.join()
    reconcile()
    assert Finding.objects.exists()


def test_no_secret_and_no_fingerprint_stands_in_a_finding() -> None:
    one = incoming(secret="one~secret~for~two~servers")
    incoming(secret="one~secret~for~two~servers", client_id=one.client_id)
    incoming(secret="one~secret~for~two~servers")
    reconcile()

    assert one.secret
    kept = str(list(Finding.objects.values()))
    assert "secret_shared" in kept
    assert one.secret.fingerprint not in kept
    assert "one~secret" not in kept
