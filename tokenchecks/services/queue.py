"""Queueing: who wants what checked, and what is watched from then on."""

import uuid
from collections.abc import Collection, Iterable

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from configurator.accounts.actor import Actor
from tokenchecks.doorbell import ring_on_commit
from tokenchecks.models import CheckRound, CheckRun, Watch
from tokenchecks.services.limits import allow_check
from tokenchecks.subjects.freshness import JITTER
from tokenchecks.subjects.targets import Target

AT_ONCE = 2000
SERVED_AT_ONCE = 500
# What a run that waits takes over from a second wish.
SERVING = ("credential", "client_id", "subject_name", "requested_by", "round")


@transaction.atomic
def checks_queue(*, targets: Iterable[Target], requested_by: str, round_: CheckRound | None = None) -> list[CheckRun]:
    """Queue a check of each target and ring on commit; one that already waits serves for a second asker too."""
    wanted = list(targets)
    runs = _in_line(_run_of(target, requested_by, round_) for target in wanted)
    watch(wanted)
    ring_on_commit(runs)
    return runs


@transaction.atomic
def queue_without_notifying(targets: Iterable[Target], *, requested_by: str) -> list[CheckRun]:
    """Queue checks without ringing, since the caller performs them; a run that waits already serves too.

    The runs are in the order of the targets.
    """
    wanted = list(targets)
    runs = [_run_of(target, requested_by, None) for target in wanted]
    for run in runs:
        run.rung_at = timezone.now()
    waiting = {(run.kind, run.subject_id): run for run in _in_line(runs)}
    watch(wanted)
    return [waiting[target.kind, target.subject_id] for target in wanted]


@transaction.atomic
def check_now(*, actor: Actor, targets: Iterable[Target]) -> list[CheckRun]:
    """Queue checks that a person asked for; PermissionDenied without the right to run checks, TooManyChecks."""
    actor.require("token_check.run")
    if actor.id:
        allow_check(actor.name)
    return checks_queue(targets=targets, requested_by=actor.name)


def forget_many(kind: str, pks: Collection[uuid.UUID]) -> None:
    """Drop the waiting runs of subjects that are deleted, and watch them no more."""
    CheckRun.objects.waiting(subjects=pks).filter(kind=kind).delete()
    Watch.objects.filter(kind=kind, subject_id__in=pks).delete()


def _run_of(target: Target, requested_by: str, round_: CheckRound | None) -> CheckRun:
    """Return a new run of the target."""
    return CheckRun(
        kind=target.kind,
        subject_id=target.subject_id,
        subject_name=target.name,
        credential=target.credential,
        client_id=target.client_id,
        requested_by=requested_by,
        round=round_,
    )


def _in_line(wanted: Iterable[CheckRun]) -> list[CheckRun]:
    """Store the runs and return the one that waits for each subject: the new one, or one that waited already.

    They stay locked until the commit.  A worker that took a waiting run before it would check the old values,
    and the new ones would never be checked; now it takes the run after the commit, or has taken it before
    and a new one is stored.
    """
    missing = {(run.kind, run.subject_id): run for run in wanted}
    made = list(missing.values())
    found: list[CheckRun] = []
    while missing:
        # Always in the same order, so that two who ask for the same subjects do not wait for each other.
        new = sorted(missing.values(), key=lambda run: run.subject_id)
        CheckRun.objects.bulk_create(new, ignore_conflicts=True, batch_size=AT_ONCE)
        waiting = CheckRun.objects.waiting(subjects=[pk for _, pk in missing]).select_for_update()
        found += [_serving(run, missing.pop(key)) for run in waiting if (key := (run.kind, run.subject_id)) in missing]
    stored = {run.pk for run in made}
    CheckRun.objects.bulk_update([run for run in found if run.pk not in stored], SERVING, batch_size=SERVED_AT_ONCE)
    return found


def _serving(waiting: CheckRun, wanted: CheckRun) -> CheckRun:
    """Return the run that waits, made to serve the new wish, not yet stored: a person's comes before the schedule's."""
    if waiting.pk == wanted.pk:
        return waiting
    waiting.credential, waiting.client_id = wanted.credential, wanted.client_id
    waiting.subject_name = wanted.subject_name
    waiting.requested_by = waiting.requested_by or wanted.requested_by
    waiting.round_id = wanted.round_id or waiting.round_id
    return waiting


def watch(targets: Iterable[Target]) -> None:
    """Watch the targets from now on, the first time one interval from now."""
    due = Now() + settings.CHECK_EVERY
    watches = [
        Watch(
            kind=target.kind,
            subject_id=target.subject_id,
            name=target.name,
            credential=target.credential,
            client_id=target.client_id,
            spread=_spread(target.credential),
            due_at=due if target.watched else None,
            home=target.home,
            server=target.server,
        )
        for target in sorted(targets, key=lambda target: target.subject_id)
    ]
    Watch.objects.bulk_create(
        watches,
        update_conflicts=True,
        unique_fields=["kind", "subject_id"],
        update_fields=["name", "credential", "client_id", "spread", "due_at", "home", "server"],
        batch_size=AT_ONCE,
    )


def _spread(credential: str) -> float:
    """Return a number around 1 that is the credential's own."""
    return 1 + JITTER * (int(credential[:8] or "7fffffff", 16) / 0x7FFFFFFF - 1)
