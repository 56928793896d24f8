"""Every write to check runs and results."""

import uuid
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from configurator.accounts.actor import Actor
from configurator.console.status import Status
from tokenchecks import subjects
from tokenchecks.bell import ring, ring_on_commit
from tokenchecks.engine.results import Outcome, StageResult
from tokenchecks.models import ATTEMPTS, CheckResult, CheckRun, State
from tokenchecks.targets import Target
from tokenchecks.transcript import lost_worker, outcome_of, stage_as_stored

RING_AGAIN_AFTER = timedelta(seconds=10)
SWEEP_AT_ONCE = 500


@transaction.atomic
def checks_queue(*, targets: Iterable[Target], requested_by: str) -> list[CheckRun]:
    """Queue a check of each target and ring on commit; one that already waits serves for a second asker too."""
    runs = _in_line(
        CheckRun(kind=kind, subject_id=pk, subject_name=name, requested_by=requested_by) for kind, pk, name in targets
    )
    ring_on_commit([run.pk for run in runs])
    return runs


@transaction.atomic
def queue_one(kind: str, pk: uuid.UUID, name: str, *, requested_by: str) -> CheckRun:
    """Queue one check without ringing: the caller performs it; returns the one that waits where there is one."""
    now = timezone.now()
    run = CheckRun(kind=kind, subject_id=pk, subject_name=name, requested_by=requested_by, rung_at=now)
    return _in_line([run])[0]


def _in_line(wanted: Iterable[CheckRun]) -> list[CheckRun]:
    """Store the runs and return the one that waits for each subject: the new one, or one that waited already.

    They stay locked until the commit.  A worker that took a waiting run before it would check the old values,
    and the new ones would never be checked; now it takes the run after the commit, or has taken it before
    and a new one is stored.
    """
    missing = {(run.kind, run.subject_id): run for run in wanted}
    found: list[CheckRun] = []
    while missing:
        # Always in the same order, so that two who ask for the same subjects do not wait for each other.
        CheckRun.objects.bulk_create(sorted(missing.values(), key=lambda run: run.subject_id), ignore_conflicts=True)
        waiting = CheckRun.objects.waiting(subjects=[pk for _, pk in missing]).select_for_update()
        found += [run for run in waiting if missing.pop((run.kind, run.subject_id), None)]
    return found


def check_now(*, actor: Actor, targets: Iterable[Target]) -> list[CheckRun]:
    """Queue checks that a person asked for; PermissionDenied without the right to run checks."""
    actor.require("token_check.run")
    return checks_queue(targets=targets, requested_by=actor.name)


def claim(run_id: uuid.UUID) -> CheckRun | None:
    """Take the run for this worker, or return None when there is nothing to do."""
    return CheckRun.objects.claim(run_id, lease=CheckRun.LEASE, attempts=ATTEMPTS)


def stage_ended(run: CheckRun, result: StageResult) -> bool:
    """Show a finished stage on the run and renew its lease; False when the claim was lost."""
    run.progress = [*run.progress, stage_as_stored(result)]
    held = CheckRun.objects.mine(run).update(
        progress=run.progress, client_id=run.client_id, lease_until=Now() + CheckRun.LEASE
    )
    return bool(held)


def finish(run: CheckRun, outcome: Outcome, *, summary: str) -> CheckResult | None:
    """Close the run with its one result and mark the subject; None when the claim was lost meanwhile."""
    return _close(run, State.DONE, outcome, summary=summary)


@transaction.atomic
def _close(run: CheckRun, state: State, outcome: Outcome, *, summary: str) -> CheckResult | None:
    """End the run in ``state`` with its result; None when the claim it was made under holds no more."""
    if not CheckRun.objects.mine(run).update(state=state, finished_at=Now(), lease_until=None):
        return None
    decisive = outcome.decisive
    result = CheckResult.objects.create(
        run=run,
        kind=run.kind,
        subject_id=run.subject_id,
        status=outcome.status,
        stage=decisive.stage if decisive else "",
        cause=decisive.cause if decisive else "",
        code=decisive.code if decisive else "",
        error_class=decisive.class_ if decisive else "",
        who=decisive.who if decisive else "",
        correlation_id=_correlation_id(outcome),
        ms=sum(stage.ms for stage in outcome.stages),
        attempt=run.attempt,
        stages=[stage_as_stored(stage) for stage in outcome.stages],
    )
    subjects.mark(run.kind, run.subject_id, status=Status(outcome.status), summary=summary)
    _ring_next(run)
    return result


def _correlation_id(outcome: Outcome) -> str:
    """Return the id by which Microsoft finds the decisive request, or else the last one that had any."""
    if outcome.decisive and outcome.decisive.correlation_id:
        return outcome.decisive.correlation_id
    return next((stage.correlation_id for stage in reversed(outcome.stages) if stage.correlation_id), "")


def _ring_next(run: CheckRun) -> None:
    """Ring for the run of the same subject that had to wait for this one."""
    waiting = CheckRun.objects.waiting(subjects=[run.subject_id]).filter(kind=run.kind)
    ring_on_commit(list(waiting.values_list("pk", flat=True)))


def abandon(run: CheckRun) -> None:
    """Close a run whose subject was deleted before it could be checked: it has no result."""
    CheckRun.objects.mine(run).update(state=State.DONE, finished_at=Now(), lease_until=None)


def bury(run: CheckRun) -> None:
    """Give up a run that lost its worker three times: a dead letter, visible, with its cause."""
    summary = "The check was given up: its worker was lost three times"
    _close(run, State.DEAD, lost_worker(outcome_of(run.progress)), summary=summary)


def sweep() -> int:
    """Ring for every run that waits unheard or lost its worker, bury those lost three times; return how many rang."""
    for run in CheckRun.objects.lapsed().filter(attempt__gte=ATTEMPTS)[:SWEEP_AT_ONCE]:
        bury(run)
    lapsed = CheckRun.objects.lapsed().filter(attempt__lt=ATTEMPTS).order_by("lease_until")
    unheard = CheckRun.objects.unheard(after=RING_AGAIN_AFTER).order_by("requested_at")
    due = [
        *lapsed.values_list("pk", flat=True)[:SWEEP_AT_ONCE],
        *unheard.values_list("pk", flat=True)[:SWEEP_AT_ONCE],
    ]
    return ring(due, pile=SWEEP_AT_ONCE) if due else 0


def forget(kind: str, pk: uuid.UUID) -> None:
    """Drop the waiting run of a subject that is deleted."""
    CheckRun.objects.waiting(subjects=[pk]).filter(kind=kind).delete()
