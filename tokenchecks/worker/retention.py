"""Deletes what is kept no longer, in batches, and watches again what should be watched.

May run twice, or at two places at once: rows that another transaction has locked are skipped.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from tokenchecks.models import CheckRound, CheckRun, Credential, Purpose, Span, State, Watch
from tokenchecks.services.queue import watch
from tokenchecks.subjects.targets import unwatched_targets, watches_of_nothing
from tokenchecks.worker.close import delete_typed_secrets
from tokenchecks.worker.rollup import roll_up

AT_ONCE = 2000
BATCHES = 100
TRIALS_KEPT = timedelta(hours=1)
CREDENTIALS_KEPT = timedelta(days=30)


def delete_expired() -> int:
    """Delete what is kept no longer, roll up old days, restore missing watches; return how many rows were deleted."""
    watch(unwatched_targets())
    now = timezone.now()
    single, history = now - settings.RESULTS_KEPT, now - settings.HISTORY_KEPT
    gone = roll_up() + _drop(_trials(now - TRIALS_KEPT), first=delete_typed_secrets)
    return gone + sum(
        _drop(rows)
        for rows in (
            *watches_of_nothing(),
            _old_acts(single),
            _old_runs(single, history),
            CheckRound.objects.filter(~Exists(CheckRun.objects.filter(round=OuterRef("pk"))), requested_at__lt=single),
            Span.objects.filter(until__lt=history, watch__isnull=True),
            _forgotten_credentials(now - CREDENTIALS_KEPT),
        )
    )


def _drop(rows: QuerySet[Any], first: Callable[[list[Any]], object] = len) -> int:
    """Delete the rows in short transactions, up to a limit; the next run goes on. ``first`` gets each batch's keys
    before.
    """
    gone = 0
    for _ in range(BATCHES):
        with transaction.atomic():
            locked = rows.order_by().select_for_update(skip_locked=True, of=("self",))
            pks = list(locked.values_list("pk", flat=True)[:AT_ONCE])
            first(pks)
            rows.model._default_manager.filter(pk__in=pks).only("pk").delete()
        gone += len(pks)
        if len(pks) < AT_ONCE:
            break
    return gone


def _trials(before: datetime) -> QuerySet[CheckRun]:
    """Return the checks before save, with what was typed for them."""
    return _acts().filter(purpose=Purpose.TRIAL, requested_at__lt=before)


def _old_acts(before: datetime) -> QuerySet[CheckRun]:
    """Return the dry runs, test mails and tests of a next secret; their pages show the last one until then."""
    return _acts().exclude(purpose=Purpose.TRIAL).filter(requested_at__lt=before)


def _acts() -> QuerySet[CheckRun]:
    """Return the runs that make no history, except those that are running."""
    return CheckRun.objects.filter(~Q(purpose=Purpose.CHECK)).exclude(state=State.RUNNING)


def _old_runs(single: datetime, history: datetime) -> QuerySet[CheckRun]:
    """Return the ended checks from before ``single``, except the newest of each subject.

    It is included after ``history``, when its subject is watched no more.
    """
    ended = CheckRun.objects.filter(purpose=Purpose.CHECK, state__in=[State.DONE, State.DEAD])
    same = {"kind": OuterRef("kind"), "subject_id": OuterRef("subject_id")}
    newer = Exists(ended.filter(**same, requested_at__gt=OuterRef("requested_at")))
    gone = Q(~Exists(Watch.objects.filter(**same)), requested_at__lt=history)
    return ended.filter(newer | gone, requested_at__lt=single)


def _forgotten_credentials(before: datetime) -> QuerySet[Credential]:
    """Return the credentials that no watch has and that were not used for long; refusals are kept until then."""
    return Credential.objects.filter(~Exists(Watch.objects.filter(credential=OuterRef("pk"))), asked_at__lt=before)
