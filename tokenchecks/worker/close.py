"""Closing: the one result of each run, in one transaction with what it says of its subject."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from configurator.vault import services as vault
from mailsettings.rotation.services import next_secret_passed, next_secret_refused
from tokenchecks.doorbell import ring_on_commit
from tokenchecks.engine.results import Outcome
from tokenchecks.models import CheckResult, CheckRun, Purpose, RunInput, State
from tokenchecks.models.querysets import database_now
from tokenchecks.subjects.next_secret_test import is_refused
from tokenchecks.subjects.stored_rows import stored
from tokenchecks.subjects.transcript import lost_mail, lost_worker, outcome_of, stage_as_stored
from tokenchecks.worker.status import follow

LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True)
class Ended:
    """A claimed run, how its check ended, and that in one short sentence."""

    run: CheckRun
    outcome: Outcome
    summary: str


def finish(run: CheckRun, outcome: Outcome, *, summary: str) -> CheckResult | None:
    """Close the run with its one result and mark the subject; None when the claim was lost meanwhile."""
    return next(iter(finish_all([Ended(run, outcome, summary)])), None)


@transaction.atomic
def finish_all(ended: Sequence[Ended], *, state: State = State.DONE) -> list[CheckResult]:
    """Close the runs and return the results of the checks among them; those whose claim was lost are passed over."""
    held = {run.pk for run in CheckRun.objects.lock_mine(one.run for one in ended)}
    mine = [one for one in ended if one.run.pk in held]
    CheckRun.objects.filter(pk__in=held).update(state=state, finished_at=Now(), lease_until=None)
    checks = [one for one in mine if one.run.purpose == Purpose.CHECK]
    now = database_now()
    results = CheckResult.objects.bulk_create(_result(one, now) for one in checks)
    follow([(one.run, one.outcome, one.summary) for one in checks])
    _keep_what_is_no_history([one for one in mine if one.run.purpose != Purpose.CHECK])
    _ring_next([one.run for one in checks])
    return results


def _result(ended: Ended, now: datetime) -> CheckResult:
    """Return the result: the decisive stage in columns, all of them as they were."""
    decisive = ended.outcome.decisive
    return CheckResult(
        run_id=ended.run.pk,
        kind=ended.run.kind,
        subject_id=ended.run.subject_id,
        at=now,
        status=ended.outcome.status,
        stage=decisive.stage if decisive else "",
        cause=decisive.cause if decisive else "",
        code=decisive.code if decisive else "",
        error_class=decisive.class_ if decisive else "",
        who=decisive.who if decisive else "",
        correlation_id=_correlation_id(ended.outcome),
        ms=sum(stage.ms for stage in ended.outcome.stages),
        attempt=ended.run.attempt,
        stages=[stage_as_stored(stage) for stage in ended.outcome.stages],
    )


def _correlation_id(outcome: Outcome) -> str:
    """Return the id by which Microsoft finds the decisive request, or else the last one that had any."""
    if outcome.decisive and outcome.decisive.correlation_id:
        return outcome.decisive.correlation_id
    return next((stage.correlation_id for stage in reversed(outcome.stages) if stage.correlation_id), "")


def _keep_what_is_no_history(ended: Sequence[Ended]) -> None:
    """Leave the stages of a trial on its run alone, where its page looks until the run is tidied away."""
    wipe_typed([one.run.pk for one in ended])
    for one in ended:
        stages = [stage_as_stored(stage) for stage in one.outcome.stages]
        CheckRun.objects.filter(pk=one.run.pk).update(progress=stages)
        if one.run.purpose == Purpose.NEXT_SECRET:
            _note_on_server(one.run, one.outcome)


def _note_on_server(run: CheckRun, outcome: Outcome) -> None:
    """Note that Microsoft accepted the server's next secret, or does so no more, unless that is another one by now."""
    if outcome.status == "broken" and not is_refused(outcome):
        return
    told = RunInput.objects.get(run=run)
    server: Any = stored(run.kind, run.subject_id)
    if server and str(server.next_secret_id) == told.values["sealed"]:
        (next_secret_refused if outcome.status == "broken" else next_secret_passed)(server)


def wipe_typed(runs: Collection[uuid.UUID]) -> None:
    """Wipe the secrets that were typed for these runs alone."""
    for told in RunInput.objects.filter(run__in=runs).select_related("secret", "password"):
        sealed = [secret for secret in (told.secret, told.password) if secret]
        told.secret = told.password = None
        told.save(update_fields=["secret", "password"])
        for secret in sealed:
            vault.discard(secret)


def _ring_next(runs: Sequence[CheckRun]) -> None:
    """Ring for the checks of the same subjects that had to wait for these."""
    ring_on_commit(list(CheckRun.objects.waiting(subjects=[run.subject_id for run in runs])))


@transaction.atomic
def abandon(run: CheckRun) -> None:
    """Close a run whose subject was deleted before it could be checked: it has no result."""
    if CheckRun.objects.mine(run).update(state=State.DONE, finished_at=Now(), lease_until=None):
        wipe_typed([run.pk])


@transaction.atomic
def abandon_unheard() -> None:
    """Close the checks before save and test mails that nobody performed for so long that nobody waits any more."""
    runs = CheckRun.objects.select_for_update(skip_locked=True).filter(
        purpose__in=[Purpose.TRIAL, Purpose.TEST_MAIL],
        state=State.QUEUED,
        requested_at__lt=Now() - LONGEST_WAIT,
    )
    late = list(runs)
    CheckRun.objects.filter(pk__in=[run.pk for run in late]).update(state=State.DONE, finished_at=Now())
    wipe_typed([run.pk for run in late])


def bury(run: CheckRun) -> None:
    """Give up a run that lost its worker as often as it may: a dead letter, visible, with its cause."""
    summary = "The check was given up: its worker was lost three times"
    lost = lost_mail if run.purpose == Purpose.TEST_MAIL else lost_worker
    finish_all([Ended(run, lost(outcome_of(run.progress)), summary)], state=State.DEAD)
