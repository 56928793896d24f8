"""Every write to check runs and results."""

import uuid
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from configurator.accounts.actor import Actor
from configurator.console.status import Status
from mailsettings.models import IncomingServer, OutgoingServer
from queues.models import Queue, QueueAddress
from tokenchecks import subjects
from tokenchecks.bell import ring, ring_on_commit
from tokenchecks.models import CheckResult, CheckRun, Kind, State
from tokenchecks.results import Outcome, StageResult
from tokenchecks.transcript import stage_as_stored, worker_lost

RING_AGAIN_AFTER = timedelta(seconds=20)
SWEEP_AT_ONCE = 500
Target = tuple[Kind, uuid.UUID, str]


@transaction.atomic
def checks_queue(*, targets: Iterable[Target], requested_by: str) -> list[CheckRun]:
    """Queue a check of each target and ring on commit; one that already waits serves for a second asker too."""
    wanted = [
        CheckRun(kind=kind, subject_id=pk, subject_name=name, requested_by=requested_by)
        for kind, pk, name in targets
    ]
    CheckRun.objects.bulk_create(wanted, ignore_conflicts=True)
    waiting = CheckRun.objects.filter(state=State.QUEUED, subject_id__in=[run.subject_id for run in wanted])
    runs = list(waiting.order_by("requested_at"))
    ring_on_commit([run.pk for run in runs])
    return runs


def queue_one(kind: str, pk: uuid.UUID, name: str, *, requested_by: str) -> CheckRun:
    """Queue one check without ringing: the caller performs it; returns the one that waits where there is one."""
    CheckRun.objects.bulk_create(
        [CheckRun(kind=kind, subject_id=pk, subject_name=name, requested_by=requested_by, rung_at=timezone.now())],
        ignore_conflicts=True,
    )
    return CheckRun.objects.get(kind=kind, subject_id=pk, state=State.QUEUED)


def check_now(*, actor: Actor, targets: Iterable[Target]) -> list[CheckRun]:
    """Queue checks that a person asked for; PermissionDenied without the right to run checks."""
    actor.require("token_check.run")
    return checks_queue(targets=targets, requested_by=actor.name)


def targets_of_server(server: IncomingServer) -> list[Target]:
    """Return the server and every address that is read through it."""
    addresses = QueueAddress.objects.filter(server=server).select_related("queue")
    return [(Kind.INCOMING, server.pk, server.name), *(_target(address) for address in addresses)]


def targets_of_queue(queue: Queue) -> list[Target]:
    """Return the queue's addresses."""
    return [_target(address) for address in QueueAddress.objects.filter(queue=queue).select_related("queue")]


def targets_of(kind: str, pk: uuid.UUID) -> list[Target]:
    """Return what a check of the object covers: a server's and a queue's addresses too; empty when it is gone."""
    if kind == Kind.INCOMING:
        return [
            target for server in IncomingServer.objects.filter(pk=pk) for target in targets_of_server(server)
        ]
    if kind == "queue":
        return [target for queue in Queue.objects.filter(pk=pk) for target in targets_of_queue(queue)]
    if kind == Kind.ADDRESS:
        return [_target(address) for address in QueueAddress.objects.filter(pk=pk).select_related("queue")]
    return [
        (Kind.OUTGOING, item.pk, str(item)) for item in OutgoingServer.objects.filter(pk=pk, enabled=True)
    ]


def _target(address: QueueAddress) -> Target:
    """Return the address as a target."""
    return Kind.ADDRESS, address.pk, address.address


def claim(run_id: uuid.UUID) -> CheckRun | None:
    """Take the run for this worker, or return None when there is nothing to do."""
    return CheckRun.objects.claim(run_id, lease=CheckRun.LEASE, attempts=CheckRun.ATTEMPTS)


def stage_ended(run: CheckRun, result: StageResult) -> bool:
    """Show a finished stage on the run and renew its lease; False when the claim was lost."""
    run.progress = [*run.progress, stage_as_stored(result)]
    held = CheckRun.objects.mine(run).update(
        progress=run.progress, client_id=run.client_id, lease_until=Now() + CheckRun.LEASE
    )
    return bool(held)


@transaction.atomic
def finish(run: CheckRun, outcome: Outcome, *, summary: str) -> CheckResult | None:
    """Close the run with its one result and mark the subject; None when the claim was lost meanwhile."""
    if not CheckRun.objects.mine(run).update(state=State.DONE, finished_at=Now(), lease_until=None):
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
    waiting = CheckRun.objects.filter(kind=run.kind, subject_id=run.subject_id, state=State.QUEUED)
    ring_on_commit(list(waiting.values_list("pk", flat=True)))


@transaction.atomic
def abandon(run: CheckRun) -> None:
    """Close a run whose subject was deleted before it could be checked."""
    CheckRun.objects.mine(run).update(state=State.DONE, finished_at=Now(), lease_until=None)


def sweep() -> int:
    """Ring for every run that waits unheard or whose worker was lost, and bury those lost three times; return how many rang."""
    for run in CheckRun.objects.lapsed().filter(attempt__gte=CheckRun.ATTEMPTS)[:SWEEP_AT_ONCE]:
        bury(run)
    lapsed = CheckRun.objects.lapsed().filter(attempt__lt=CheckRun.ATTEMPTS)
    unheard = CheckRun.objects.unheard(after=RING_AGAIN_AFTER).order_by("requested_at")
    due = [
        *lapsed.values_list("pk", flat=True)[:SWEEP_AT_ONCE],
        *unheard.values_list("pk", flat=True)[:SWEEP_AT_ONCE],
    ]
    ring(due)
    return len(due)


@transaction.atomic
def bury(run: CheckRun) -> None:
    """Give up a run that lost its worker three times: a dead letter, visible, with its cause."""
    if not CheckRun.objects.mine(run).update(state=State.DEAD, finished_at=Now(), lease_until=None):
        return
    lost = worker_lost()
    CheckResult.objects.create(
        run=run,
        kind=run.kind,
        subject_id=run.subject_id,
        status=Status.BROKEN,
        stage=lost.stage,
        cause=lost.cause,
        error_class=lost.class_,
        who=lost.who,
        attempt=run.attempt,
        stages=[*run.progress, stage_as_stored(lost)],
    )
    subjects.mark(
        run.kind,
        run.subject_id,
        status=Status.BROKEN,
        summary="The check was given up: its worker was lost three times",
    )
    _ring_next(run)


def forget(kind: str, pk: uuid.UUID) -> None:
    """Drop the waiting run of a subject that is deleted."""
    CheckRun.objects.filter(kind=kind, subject_id=pk, state=State.QUEUED).delete()
