"""Files of addresses: the dry run, row by row, and applying it."""

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from configurator.audit.models import AuditEvent
from configurator.audit.verify import verify
from queues.models import QueueAddress
from tests.imports.files import applied, errors_of, looked_at, rows_of, tab
from tests.people import address, incoming, queue
from tokenchecks.models import CheckRound, CheckRun

pytestmark = pytest.mark.django_db
LABELS = ("Id", "Queue", "Address", "Priority", "E-Mail Account", "E-Mail Server", "Delete")


def test_a_dry_run_says_what_each_row_would_do_and_writes_nothing() -> None:
    server, home = incoming(name="Contoso"), queue(name="Support")
    old = address(queue=home, server=server, address="old@contoso.example", priority=5)
    same = address(queue=home, server=server, address="same@contoso.example")
    gone = address(queue=home, server=server, address="gone@contoso.example")
    before = list(QueueAddress.objects.order_by("pk").values()), AuditEvent.objects.count()

    found = looked_at(
        "address",
        tab(
            LABELS,
            ("", "Support", "new@contoso.example", "", "new@contoso.example", "Contoso", ""),
            (str(old.pk), "Support", "old@contoso.example", "9", "old@contoso.example", "Contoso", ""),
            ("", "Support", "SAME@contoso.example".lower(), "", "same@contoso.example", "Contoso", ""),
            ("", "", "gone@contoso.example", "", "", "", "d"),
            ("", "Support", "wrong", "x", "wrong", "Nobody", ""),
        ),
    )

    assert (found.state, found.said) == ("ready", "")
    assert found.counts == {"created": 1, "changed": 1, "unchanged": 1, "deleted": 1, "refused": 1}
    new, changed, unchanged, deleted, refused = rows_of(found)
    assert (changed.before, changed.after, changed.version) == ({"priority": 5}, {"priority": 9}, 1)
    assert new.after["address"] == "new@contoso.example"
    assert (unchanged.object_id, deleted.object_id) == (same.pk, gone.pk)
    assert [column for column, _ in refused.errors] == ["Address", "Priority", "E-Mail Account", "E-Mail Server"]
    assert (list(QueueAddress.objects.order_by("pk").values()), AuditEvent.objects.count()) == before


def test_applying_writes_it_with_an_event_for_each_object_and_one_round_of_checks(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    server, home = incoming(name="Contoso"), queue(name="Support")
    old = address(queue=home, server=server, address="old@contoso.example", priority=5)
    gone = address(queue=home, server=server, address="gone@contoso.example")
    CheckRun.objects.all().delete()
    events = AuditEvent.objects.count()
    body = tab(
        LABELS,
        ("", "Support", "new@contoso.example", "", "new@contoso.example", "Contoso", ""),
        (str(old.pk), "Support", "old@contoso.example", "9", "old@contoso.example", "Contoso", ""),
        ("", "", "gone@contoso.example", "", "", "", "D"),
    )

    found = looked_at("address", body)
    with django_capture_on_commit_callbacks(execute=True):
        found = applied(found)

    assert (found.state, found.said) == ("applied", "")
    old.refresh_from_db()
    assert (old.priority, old.version, old.changed_by) == (9, 2, "admin")
    new = QueueAddress.objects.get(address="new@contoso.example")
    assert (new.queue, new.server, new.version, new.address_key) == (home, server, 1, "new@contoso.example")
    assert not QueueAddress.objects.filter(pk=gone.pk).exists()
    said = list(AuditEvent.objects.order_by("seq")[events:])
    assert [(event.action, event.kind) for event in said] == [
        ("deleted", "address"),
        ("changed", "address"),
        ("created", "address"),
        ("imported", "import"),
    ]
    assert {event.request_id for event in said} == {found.name}
    assert verify().broken is None
    round_ = CheckRound.objects.get(pk=found.pk)
    assert (round_.total, round_.requested_by) == (2, "admin")
    assert {run.subject_id for run in CheckRun.objects.filter(round=round_)} == {old.pk, new.pk}

    again = looked_at("address", body)
    assert again.counts == {"unchanged": 3}
    assert errors_of(again) == [[], [], []]
