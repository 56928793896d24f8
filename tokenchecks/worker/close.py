"""Closes runs: results, and what they mean for their subjects, in one transaction; then dates and notes on servers."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from configurator.accounts.actor import Actor
from configurator.db.server import statement_time
from configurator.jobs.doorbell import notify_on_commit
from configurator.vault import services as vault
from mailsettings.rotation.services import next_secret_passed, next_secret_refused
from mailsettings.services import set_secret_end_date
from tokenchecks.engine.results import Outcome
from tokenchecks.models import CheckResult, CheckRun, Kind, Purpose, RunInput, State
from tokenchecks.subjects.next_secret_test import is_refused
from tokenchecks.subjects.stored_rows import stored
from tokenchecks.subjects.targets import targets_of
from tokenchecks.subjects.transcript import lost_mail, lost_worker, outcome_of, stage_as_stored
from tokenchecks.worker.status import write_status

LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True)
class Ended:
    run: CheckRun
    outcome: Outcome
    summary: str


def finish(run: CheckRun, outcome: Outcome, *, summary: str) -> CheckResult | None:
    """Close the run with its result and update its subject; None when another worker has claimed it meanwhile."""
    return next(iter(finish_all([Ended(run, outcome, summary)])), None)


@transaction.atomic
def finish_all(ended: Sequence[Ended], *, state: State = State.DONE) -> list[CheckResult]:
    """Close the runs and return the results of the checks among them; runs that another worker has claimed are left
    out.
    """
    held = {run.pk for run in CheckRun.objects.lock_mine(one.run for one in ended)}
    mine = [one for one in ended if one.run.pk in held]
    CheckRun.objects.filter(pk__in=held).update(state=state, finished_at=Now(), lease_until=None)
    checks = [one for one in mine if one.run.purpose == Purpose.CHECK]
    now = statement_time()
    results = CheckResult.objects.bulk_create(_result(one, now) for one in checks)
    write_status([(one.run, one.outcome, one.summary) for one in checks])
    _close_acts([one for one in mine if one.run.purpose != Purpose.CHECK])
    _notify_waiting([one.run for one in checks])
    return results


def _result(ended: Ended, now: datetime) -> CheckResult:
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
    """Return the ID of the decisive request, or of the last one that has any."""
    if outcome.decisive and outcome.decisive.correlation_id:
        return outcome.decisive.correlation_id
    return next((stage.correlation_id for stage in reversed(outcome.stages) if stage.correlation_id), "")


def _close_acts(ended: Sequence[Ended]) -> None:
    """Keep the stages of trials and other acts on their runs, where their pages look; they make no history."""
    delete_typed_secrets([one.run.pk for one in ended])
    for one in ended:
        stages = [stage_as_stored(stage) for stage in one.outcome.stages]
        CheckRun.objects.filter(pk=one.run.pk).update(progress=stages)
        if one.run.purpose == Purpose.NEXT_SECRET:
            _write_next_secret_test(one.run, one.outcome)


def _write_next_secret_test(run: CheckRun, outcome: Outcome) -> None:
    """Write on the server whether Microsoft accepted its next secret, unless it has another one by now."""
    if outcome.status == "broken" and not is_refused(outcome):
        return
    tested = RunInput.objects.get(run=run).values["sealed"]
    server: Any = stored(run.kind, run.subject_id)
    if server and str(server.next_secret_id) == tested:
        (next_secret_refused if outcome.status == "broken" else next_secret_passed)(server)


def delete_typed_secrets(runs: Collection[uuid.UUID]) -> None:
    """Delete the secrets that were typed for these runs alone."""
    for typed in RunInput.objects.filter(run__in=runs).select_related("secret", "password"):
        sealed = [secret for secret in (typed.secret, typed.password) if secret]
        typed.secret = typed.password = None
        typed.save(update_fields=["secret", "password"])
        for secret in sealed:
            vault.discard(secret)


def _notify_waiting(runs: Sequence[CheckRun]) -> None:
    """Notify workers of the checks that had to wait for these, since a subject has one running check at a time."""
    notify_on_commit(*CheckRun.objects.waiting(subjects=[run.subject_id for run in runs]))


@transaction.atomic
def close_without_result(run: CheckRun) -> None:
    """Close a run whose subject was deleted before it was checked."""
    if CheckRun.objects.mine(run).update(state=State.DONE, finished_at=Now(), lease_until=None):
        delete_typed_secrets([run.pk])


@transaction.atomic
def close_unclaimed() -> None:
    """Close trials and test mails that waited so long that nobody waits for them any more."""
    runs = CheckRun.objects.select_for_update(skip_locked=True).filter(
        purpose__in=[Purpose.TRIAL, Purpose.TEST_MAIL],
        state=State.QUEUED,
        requested_at__lt=Now() - LONGEST_WAIT,
    )
    late = list(runs)
    CheckRun.objects.filter(pk__in=[run.pk for run in late]).update(state=State.DONE, finished_at=Now())
    delete_typed_secrets([run.pk for run in late])


def give_up(run: CheckRun) -> None:
    """Close a run whose worker was lost as often as is allowed, with that as its cause."""
    summary = "The check was given up: its worker was lost three times"
    lost = lost_mail if run.purpose == Purpose.TEST_MAIL else lost_worker
    finish_all([Ended(run, lost(outcome_of(run.progress)), summary)], state=State.DEAD)


def write_end_dates(ended: Iterable[tuple[CheckRun, Outcome]]) -> None:
    """Write the end dates that Microsoft reported on the servers, unless their secrets have changed since.

    Not in the transaction of the results: the audit trail is locked after what a save locks, watches among it.
    """
    for run, outcome in ended:
        if not outcome.ends_on or run.kind == Kind.ADDRESS:
            continue
        server = stored(run.kind, run.subject_id)
        if server is None or server.current.expires_on == outcome.ends_on:
            continue
        if any(target.credential == run.credential for target in targets_of(run.kind, run.subject_id)[:1]):
            set_secret_end_date(actor=Actor.system("token check"), server=server, ends_on=outcome.ends_on)
