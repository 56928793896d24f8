"""Queueing: checks that are wanted, and what is watched from then on."""

import uuid
from collections.abc import Collection, Iterable

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from configurator.accounts.actor import Actor
from configurator.db.bulk_insert import insert_missing, upsert_all
from configurator.jobs.doorbell import notify_on_commit
from tokenchecks.models import CheckRound, CheckRun, Watch
from tokenchecks.services.limits import allow_check
from tokenchecks.subjects.freshness import JITTER
from tokenchecks.subjects.targets import Target

REUSED_AT_ONCE = 500
# What a waiting run takes over from a new one of the same subject.
REUSED = ("credential", "client_id", "subject_name", "requested_by", "round", "notified_at", "notify_failed")
WATCHED = ("name", "credential", "client_id", "spread", "due_at", "home", "server")


@transaction.atomic
def checks_queue(*, targets: Iterable[Target], requested_by: str, round_: CheckRound | None = None) -> list[CheckRun]:
    """Queue a check of each target and notify workers on commit; a check that already waits is used again."""
    wanted = list(targets)
    runs = _store_or_reuse(_run_of(target, requested_by, round_) for target in wanted)
    watch(wanted)
    notify_on_commit(*runs, noted=True)
    return runs


@transaction.atomic
def queue_without_notifying(targets: Iterable[Target], *, requested_by: str) -> list[CheckRun]:
    """Queue checks that the caller performs itself; return them in the targets' order.

    A check that already waits is used again.
    """
    wanted = list(targets)
    waiting = {
        (run.kind, run.subject_id): run for run in _store_or_reuse(_run_of(one, requested_by, None) for one in wanted)
    }
    watch(wanted)
    return [waiting[target.kind, target.subject_id] for target in wanted]


@transaction.atomic
def check_now(*, actor: Actor, targets: Iterable[Target]) -> list[CheckRun]:
    """Queue checks that a person requested; PermissionDenied without the right to run checks, TooManyChecks."""
    actor.require("token_check.run")
    if actor.id:
        allow_check(actor.name)
    return checks_queue(targets=targets, requested_by=actor.name)


def forget_many(kind: str, pks: Collection[uuid.UUID]) -> None:
    """Drop the waiting runs of subjects that are deleted, and watch them no more."""
    CheckRun.objects.waiting(subjects=pks).filter(kind=kind).delete()
    Watch.objects.filter(kind=kind, subject_id__in=pks).delete()


def _run_of(target: Target, requested_by: str, round_: CheckRound | None) -> CheckRun:
    """Return a new run of the target, noted as notified: writing that later would cost as much as storing it."""
    return CheckRun(
        kind=target.kind,
        subject_id=target.subject_id,
        subject_name=target.name,
        credential=target.credential,
        client_id=target.client_id,
        requested_by=requested_by,
        round=round_,
        notified_at=timezone.now(),
    )


def _store_or_reuse(wanted: Iterable[CheckRun]) -> list[CheckRun]:
    """Store the runs and return the one that waits for each subject: the new one, or one that waited already.

    They stay locked until the commit.  A worker that took a waiting run before it would check the old values,
    and the new ones would never be checked; now it takes the run after the commit, or has taken it before
    and a new one is stored.
    """
    missing = {(run.kind, run.subject_id): run for run in wanted}
    found: list[CheckRun] = []
    while missing:
        # Always in the same order, so that two who queue the same subjects do not wait for each other.
        new = insert_missing(sorted(missing.values(), key=lambda run: run.subject_id))
        found += [missing.pop((run.kind, run.subject_id)) for run in new]
        if missing:
            waiting = CheckRun.objects.waiting(subjects=[pk for _, pk in missing]).select_for_update()
            here = [run for run in waiting if (run.kind, run.subject_id) in missing]
            reused = [_reused(run, missing.pop((run.kind, run.subject_id))) for run in here]
            CheckRun.objects.bulk_update(reused, REUSED, batch_size=REUSED_AT_ONCE)
            found += reused
    return found


def _reused(waiting: CheckRun, wanted: CheckRun) -> CheckRun:
    """Return the waiting run with what the new one wants, not yet stored: a person's name replaces the schedule's."""
    waiting.credential, waiting.client_id = wanted.credential, wanted.client_id
    waiting.subject_name = wanted.subject_name
    waiting.requested_by = waiting.requested_by or wanted.requested_by
    waiting.round_id = wanted.round_id or waiting.round_id
    waiting.notified_at, waiting.notify_failed = wanted.notified_at, False
    return waiting


def watch(targets: Iterable[Target]) -> None:
    """Watch the targets from now on, the first time one interval from now."""
    due = timezone.now() + settings.CHECK_EVERY
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
    upsert_all(watches, unique=["kind", "subject_id"], update=WATCHED)


def _spread(credential: str) -> float:
    """Return a number around 1 that is the credential's own."""
    return 1 + JITTER * (int(credential[:8] or "7fffffff", 16) / 0x7FFFFFFF - 1)
