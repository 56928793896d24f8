"""Imports whose worker is lost or whose time is up."""

import io
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from configurator.jobs.lease import LostClaim
from imports import services
from imports.models import Import, ImportPiece, ImportRow, State
from imports.services import ask_again, ask_to_apply, claim, sweep
from imports.services.sweeping import interrupted
from imports.services.working import work
from queues.models import Queue
from tests.imports.files import applied, looked_at, tab
from tests.imports.states import BOX, LABELS, state_of
from tests.people import incoming, person, queue

pytestmark = pytest.mark.django_db


def test_an_application_that_is_broken_off_leaves_nothing_and_is_told_and_done_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    incoming(name="Contoso")
    queue(name="Support")
    found = looked_at("address", tab(LABELS, ("Support", BOX, BOX, "Contoso", "", "")))
    before = state_of()

    def away(*_: object, **__: object) -> int:
        raise OperationalError("the server closed the connection")

    with monkeypatch.context() as broken:
        broken.setattr("imports.services.applying.record_without_listeners", away)
        assert ask_to_apply(user=person("admin"), pk=found.pk)
        with pytest.raises(OperationalError):
            work(found.pk)

    found.refresh_from_db()
    assert (found.state, "apply it again" in found.said) == (State.INTERRUPTED, True)
    assert state_of() == before
    assert applied(found).state == State.APPLIED


def test_a_lost_worker_is_noticed_and_cannot_write_any_more() -> None:
    queue(name="Support")
    found = looked_at("queue", tab(("Name", "Priority"), ("Support", "7")))
    ask_to_apply(user=person("admin"), pk=found.pk)
    lost = claim(found.pk)
    assert lost
    assert claim(found.pk) is None
    Import.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    sweep()

    found.refresh_from_db()
    assert found.state == State.INTERRUPTED
    assert not interrupted(lost)
    with pytest.raises(LostClaim):
        services.apply(lost)
    assert Queue.objects.get().priority == 1
    assert applied(found).state == State.APPLIED


def test_a_lost_dry_run_begins_again_and_is_given_up_after_three() -> None:
    found = looked_at("queue", tab(("Name",), ("Support",)))
    ask_again(user=person("admin"), pk=found.pk)
    for attempt in range(3):
        assert claim(found.pk)
        Import.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        sweep()
        found.refresh_from_db()
        assert found.state == (State.WAITING if attempt < 2 else State.REFUSED)
    assert "Run it again" in found.said


def test_who_may_not_sign_in_any_more_imports_nothing() -> None:
    found = looked_at("queue", tab(("Name",), ("Support",)))
    user = person("admin")
    ask_to_apply(user=user, pk=found.pk)
    user.is_active = False
    user.save()
    work(found.pk)
    found.refresh_from_db()

    assert (found.state, Queue.objects.count()) == (State.REFUSED, 0)


def test_imports_are_dropped_after_their_days() -> None:
    old, new = looked_at("queue", tab(("Name",), ("A",))), looked_at("queue", tab(("Name",), ("B",)))
    Import.objects.filter(pk=old.pk).update(uploaded_at=timezone.now() - timedelta(days=8))
    sweep()

    assert list(Import.objects.all()) == [new]
    assert set(ImportRow.objects.values_list("of", flat=True)) == {new.pk}


def waiting(name: str) -> Import:
    """Upload a file that nobody has read yet."""
    return services.upload(user=person("admin"), kind="queue", name=name, file=io.BytesIO(tab(("Name",), (name,))))


def test_a_worker_that_is_lost_while_it_reads_is_noticed_and_the_file_is_read_again() -> None:
    found = waiting("A")
    lost = claim(found.pk)
    assert lost
    Import.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    sweep()
    work(found.pk)

    found.refresh_from_db()
    assert (found.state, found.counts) == (State.READY, {"created": 1})
    assert not ImportPiece.objects.exists()
    with pytest.raises(LostClaim):
        services.read_file(lost)


def test_reading_is_given_up_after_three_lost_workers_and_the_file_is_dropped() -> None:
    found = waiting("A")
    for attempt in range(3):
        assert claim(found.pk)
        Import.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        sweep()
        found.refresh_from_db()
        assert found.state == (State.RECEIVED if attempt < 2 else State.NOT_READ)
    assert "Choose it again" in found.said
    assert not ImportPiece.objects.exists()


def test_no_more_than_two_files_are_read_at_a_time() -> None:
    first, second, third = waiting("A"), waiting("B"), waiting("C")
    taken = claim(first.pk)
    assert taken
    assert claim(second.pk)
    assert claim(third.pk) is None
    services.read_file(taken)
    assert claim(third.pk)
