"""Whoever claims a run has it alone, and who lost it cannot write any more."""

import threading
import uuid
from functools import partial

import pytest
from django.db import transaction

from configurator.jobs.doorbell import notify
from tests.database import together
from tests.tokenchecks.runs import BAD, GOOD, claimed, lapse, queued
from tokenchecks.engine.results import StageResult
from tokenchecks.models import ATTEMPTS, CheckResult, CheckRun, Kind
from tokenchecks.services.queue import checks_queue
from tokenchecks.subjects.targets import Target
from tokenchecks.worker.claim import claim, claim_batch, renew, save_stage
from tokenchecks.worker.close import close_without_result, finish, give_up

CLAIMERS = 8


def race(*runs: CheckRun) -> list[CheckRun]:
    """Let eight threads claim the runs at once and return what they got."""
    start = threading.Barrier(CLAIMERS)
    won: list[CheckRun] = []

    def act(run: CheckRun) -> None:
        start.wait()
        if mine := claim(run.pk):
            won.append(mine)

    together(*(partial(act, runs[number % len(runs)]) for number in range(CLAIMERS)))
    return won


@pytest.mark.django_db(transaction=True)
def test_of_eight_claimers_one_wins_each_time_and_the_fence_rises() -> None:
    run = queued()
    fences = []
    for attempt in range(1, ATTEMPTS + 1):
        [winner] = race(run)
        assert (winner.attempt, winner.state) == (attempt, "running")
        fences.append(winner.fence)
        lapse()
    assert fences == sorted(set(fences))
    assert race(run) == []


@pytest.mark.django_db(transaction=True)
def test_two_runs_of_one_subject_are_never_under_way_at_once() -> None:
    subject = uuid.uuid4()
    first = claimed(queued(subject_id=subject))
    lapse()
    second = queued(subject_id=subject)
    winners = race(first, second)
    assert [run.pk for run in winners] == [first.pk]
    finish(winners[0], GOOD, summary="")
    assert claimed(second).state == "running"


@pytest.mark.django_db(transaction=True)
def test_only_one_run_at_a_time_makes_its_last_attempt() -> None:
    runs = [queued() for _ in range(CLAIMERS)]
    for _ in range(ATTEMPTS - 1):
        assert len(race(*runs)) == CLAIMERS
        lapse()
    [alone] = race(*runs)
    finish(alone, GOOD, summary="")
    [next_alone] = race(*runs)
    assert next_alone.pk != alone.pk
    # One that was never lost is not held up by it.
    assert claimed(queued()).attempt == 1


@pytest.mark.django_db
class TestStaleFence:
    """A worker that was slow, or frozen, and whose run another one has by now."""

    @pytest.fixture
    def runs(self) -> tuple[CheckRun, CheckRun]:
        """Return the same run as its first and as its second worker know it."""
        run = queued()
        first = claimed(run)
        lapse()
        return first, claimed(run)

    def test_cannot_finish(self, runs: tuple[CheckRun, CheckRun]) -> None:
        stale, held = runs
        assert finish(stale, BAD, summary="") is None
        assert not CheckResult.objects.exists()
        result = finish(held, GOOD, summary="")
        assert result is not None
        assert (result.status, result.attempt) == ("ok", 2)

    def test_cannot_finish_after_the_other_did(self, runs: tuple[CheckRun, CheckRun]) -> None:
        stale, held = runs
        finish(held, GOOD, summary="")
        assert finish(stale, BAD, summary="") is None
        assert CheckResult.objects.get().status == "ok"

    def test_cannot_show_a_stage(self, runs: tuple[CheckRun, CheckRun]) -> None:
        stale, held = runs
        assert not save_stage(stale, StageResult("settings", "ok"))
        assert save_stage(held, StageResult("settings", "ok"))
        assert len(CheckRun.objects.get().progress) == 1

    def test_cannot_bury_or_abandon(self, runs: tuple[CheckRun, CheckRun]) -> None:
        stale, _ = runs
        give_up(stale)
        close_without_result(stale)
        assert CheckRun.objects.get().state == "running"


@pytest.mark.django_db
def test_a_worker_whose_lease_ran_out_unnoticed_may_still_finish() -> None:
    run = claimed(queued())
    lapse()
    assert finish(run, GOOD, summary="") is not None


@pytest.mark.django_db
def test_a_stage_that_ends_renews_the_lease() -> None:
    run = claimed(queued())
    lapse()
    save_stage(run, StageResult("settings", "ok"))
    assert not CheckRun.objects.lapsed().exists()


@pytest.mark.django_db(transaction=True)
def test_a_worker_cannot_take_a_run_past_a_save_that_counts_on_it() -> None:
    """Who takes it before the commit would check the old values, and nobody would check the new ones."""
    subject = uuid.uuid4()
    target = Target(Kind.ADDRESS, subject, "a@contoso.example")
    [run] = checks_queue(targets=[target], requested_by="first")
    order = []

    def worker() -> None:
        claimed(run)
        order.append("claimed")

    with transaction.atomic():
        assert checks_queue(targets=[target], requested_by="second") == [run]
        thread = threading.Thread(target=lambda: together(worker))
        thread.start()
        thread.join(0.5)
        order.append("committed")
    thread.join(5)
    assert order == ["committed", "claimed"]


@pytest.mark.django_db(transaction=True)
def test_notes_on_many_runs_pass_over_one_that_is_being_written() -> None:
    """Two who note on the same runs in other orders would wait for each other, until the database ends one of them."""
    held, free = [queued(), claimed(queued())], [queued(), claimed(queued())]
    lapse()
    with transaction.atomic():
        list(CheckRun.objects.filter(pk__in=[run.pk for run in held]).select_for_update())
        together(partial(notify, [held[0], free[0]]), partial(renew, [held[1], free[1]]))
    assert list(CheckRun.objects.filter(notified_at__isnull=False)) == [free[0]]
    assert list(CheckRun.objects.lapsed()) == [held[1]]


@pytest.mark.django_db(transaction=True)
def test_a_credential_of_which_a_save_has_a_run_is_left_as_a_whole() -> None:
    """Taken in parts it would ask for its token twice."""
    held, beside, other = queued(credential="a"), queued(credential="a"), queued(credential="b")
    got: list[CheckRun] = []
    with transaction.atomic():
        CheckRun.objects.select_for_update().get(pk=held.pk)
        together(lambda: got.extend(claim_batch(other.pk)))
    assert got == [other]
    assert set(claim_batch(beside.pk)) == {held, beside}
