"""What is kept for how long, what is healed, and that tidying may run twice."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from configurator.vault.models import SealedSecret
from configurator.vault.text import Secret
from tests.database import together
from tests.people import ACTOR, address, incoming, outgoing
from tests.tokenchecks.past import DAY, GOOD, HOUR, MINUTES, check, checks, pass_time, passing
from tests.tokenchecks.runs import queued
from tokenchecks import tasks
from tokenchecks.models import CheckResult, CheckRound, CheckRun, Credential, Purpose, Span, State, Watch
from tokenchecks.services.trial import trial_begin
from tokenchecks.worker.retention import delete_expired

pytestmark = pytest.mark.django_db


def ended(subject_id: uuid.UUID, days: int, **values: Any) -> CheckRun:
    """Store a check of the subject that ended so many days ago."""
    at = timezone.now() - days * DAY
    run = queued(subject_id=subject_id, state=State.DONE, requested_at=at, finished_at=at, **values)
    CheckResult.objects.create(run=run, kind=run.kind, subject_id=subject_id, status="ok", attempt=1, at=at)
    return run


def test_old_checks_go_except_the_newest_of_each_subject() -> None:
    server = incoming()
    CheckRun.objects.all().delete()
    for days in (30, 20, 15):
        ended(server.pk, days)
    other = incoming()
    CheckRun.objects.filter(subject_id=other.pk).delete()
    young = [ended(other.pk, days) for days in (16, 13, 1)]

    assert delete_expired() == 3
    assert list(CheckResult.objects.filter(subject_id=server.pk).values_list("at", flat=True)) == [
        CheckRun.objects.get(subject_id=server.pk).requested_at
    ]
    assert set(CheckRun.objects.filter(subject_id=other.pk)) == set(young[1:])
    assert delete_expired() == 0


def test_a_check_that_waits_or_runs_stays_however_old() -> None:
    server = incoming()
    CheckRun.objects.update(requested_at=timezone.now() - 500 * DAY)
    delete_expired()
    assert CheckRun.objects.filter(subject_id=server.pk, state=State.QUEUED).exists()


def test_the_history_of_a_deleted_subject_goes_after_its_time() -> None:
    """Its newest check and its spans stay as long as history does."""
    gone = uuid.uuid4()
    ended(gone, 300)
    for days in (300, 500):
        at = timezone.now() - days * DAY
        Span.objects.create(kind="address", subject_id=gone, status="ok", since=at, until=at)

    assert delete_expired() == 1
    assert (CheckRun.objects.count(), Span.objects.count()) == (1, 1)
    pass_time(150 * DAY)
    assert delete_expired() == 2
    assert (CheckRun.objects.count(), Span.objects.count()) == (0, 0)


def test_the_span_in_which_a_subject_still_is_stays() -> None:
    """A disabled queue's address keeps how it stood, however long ago."""
    box = address()
    check(box, GOOD)
    pass_time(500 * DAY)
    delete_expired()
    assert Watch.objects.get(subject_id=box.pk).span is not None


@pytest.mark.parametrize("purpose", [purpose for purpose in Purpose if purpose != Purpose.CHECK])
def test_what_is_no_history_goes_in_its_time_even_when_nobody_performed_it(purpose: Purpose) -> None:
    """What was typed goes within the hour; what was found of stored values is shown as long as single checks are."""
    now = timezone.now()
    kept = HOUR if purpose == Purpose.TRIAL else 14 * DAY
    for state in (State.QUEUED, State.DONE, State.DEAD):
        queued(purpose=purpose, state=state, requested_at=now - kept - MINUTES[1])
        queued(purpose=purpose, state=state, requested_at=now - kept + MINUTES[1])
    queued(purpose=purpose, state=State.RUNNING, lease_until=now, requested_at=now - 2 * kept)

    assert delete_expired() == 3
    assert CheckRun.objects.count() == 4


def test_a_trial_that_nobody_performed_takes_its_typed_secret_along() -> None:
    server = incoming()
    stored = SealedSecret.objects.count()
    run = trial_begin(actor=ACTOR, row=server, secrets={"secret": Secret("typed~and-never-checked")})
    assert SealedSecret.objects.count() == stored + 1
    delete_expired()
    assert CheckRun.objects.filter(pk=run.pk).exists()
    CheckRun.objects.filter(pk=run.pk).update(requested_at=timezone.now() - 2 * HOUR)
    delete_expired()

    assert not CheckRun.objects.filter(pk=run.pk).exists()
    assert SealedSecret.objects.count() == stored


def test_old_rounds_go_once_their_checks_went() -> None:
    at = timezone.now() - 20 * DAY
    held, empty = (CheckRound.objects.create(requested_by="ada", requested_at=at) for _ in range(2))
    ended(incoming().pk, 1, round=held)
    delete_expired()
    assert list(CheckRound.objects.all()) == [held]
    assert not CheckRound.objects.filter(pk=empty.pk).exists()


def test_credentials_that_nothing_uses_are_forgotten_after_a_month() -> None:
    """One in use stays, with the refusal that keeps its password from being sent again."""
    box = address()
    used = Watch.objects.get(subject_id=box.pk).credential
    at = timezone.now() - 40 * DAY
    Credential.objects.create(key=used, asked_at=at, refused_at=at)
    Credential.objects.create(key="unused", asked_at=at)
    Credential.objects.create(key="young", asked_at=at + 20 * DAY)
    delete_expired()

    assert set(Credential.objects.values_list("key", flat=True)) == {used, "young"}


def test_whatever_is_not_watched_is_watched_and_the_watch_of_nothing_goes() -> None:
    box, out = address(), outgoing()
    before = set(Watch.objects.values_list("kind", "subject_id", "name", "credential"))
    Watch.objects.all().delete()
    Watch.objects.create(kind="address", subject_id=uuid.uuid4(), name="gone", credential="")
    delete_expired()

    assert set(Watch.objects.values_list("kind", "subject_id", "name", "credential")) == before
    assert {box.pk, box.server_id, out.pk} == {row[1] for row in before}
    assert not Watch.objects.filter(due_at=None).exists()


def test_healing_touches_no_watch_that_is_there() -> None:
    server = incoming()
    check(server, GOOD)
    watch = Watch.objects.values().get()
    delete_expired()
    assert Watch.objects.values().get() == watch


def test_a_day_long_past_in_which_it_flapped_leaves_one_span_a_status() -> None:
    """Nothing of the time in each status is lost, and the days that timelines show stay whole."""
    server = incoming()
    for _ in range(8):
        checks(server, GOOD, 2)
        checks(server, passing(), 2, MINUTES[2])
    checks(server, GOOD, 1)
    assert delete_expired() == 0
    whole = Span.objects.count()
    samples = sum(Span.objects.values_list("samples", flat=True))
    pass_time(33 * DAY)
    delete_expired()

    rolled = Span.objects.filter(lasted__isnull=False)
    # The flapping may have gone on over midnight, and the last span is the one it still is in.
    assert whole > 20 > Span.objects.count()
    assert sum(Span.objects.values_list("samples", flat=True)) == samples
    lasted = {
        status: sum((span.lasted for span in rolled if span.status == status and span.lasted), timedelta())
        for status in ("ok", "broken", "warning")
    }
    assert lasted["ok"] > lasted["broken"] > lasted["warning"] >= timedelta(minutes=8)
    count = Span.objects.count()
    assert delete_expired() == 0
    assert Span.objects.count() == count


def test_a_subject_that_changed_seldom_keeps_its_spans() -> None:
    server = incoming()
    checks(server, GOOD, 2)
    checks(server, passing(), 2)
    pass_time(33 * DAY)
    delete_expired()
    assert not Span.objects.filter(lasted__isnull=False).exists()


def test_the_task_tidies() -> None:
    Credential.objects.create(key="unused", asked_at=timezone.now() - 40 * DAY)
    tasks.tidy()
    assert not Credential.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_drop_each_row_once_and_pass_over_what_is_locked() -> None:
    subject = uuid.uuid4()
    for days in range(20, 320):
        ended(subject, days)
    gone: list[int] = []
    with transaction.atomic():
        held = list(CheckRun.objects.order_by("requested_at").select_for_update()[:5])
        together(*[lambda: gone.append(delete_expired())] * 2)
        assert CheckRun.objects.filter(pk__in=[run.pk for run in held]).count() == 5

    assert sum(gone) == 294
    assert delete_expired() == 5
