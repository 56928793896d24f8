"""Claiming: a worker takes runs under a lease, shows how far it is, and puts back what has to wait."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from tokenchecks.engine.results import StageResult
from tokenchecks.models import ATTEMPTS, CheckRun, Kind, State
from tokenchecks.transcript import stage_as_stored

# So many checks at the most are performed together: they share one token, which is good for an hour.
LARGEST_BATCH = 5000


def claim(run_id: uuid.UUID) -> CheckRun | None:
    """Take the run for this worker, or return None when there is nothing to do."""
    return next(iter(_claim(run_id, together=False)), None)


def claim_batch(run_id: uuid.UUID) -> list[CheckRun]:
    """Take the run and all that wait for the same token, servers first; empty when there is nothing to do.

    A run that lost a worker before is taken by itself: what takes its worker down takes no others with it.
    """
    return _claim(run_id, together=True) or _claim(run_id, together=False)


def _claim(run_id: uuid.UUID, *, together: bool) -> list[CheckRun]:
    """Claim in one transaction, so that the rows read are the ones this claim wrote and carry its fence."""
    try:
        with transaction.atomic():
            run = CheckRun.objects.filter(pk=run_id).only("credential", "requested_by", "purpose", "attempt").first()
            if run is None:
                return []
            others = together and run.credential and not run.attempt
            if others:
                _alone_with(run.credential)
            taken = _lock(run, others=bool(others))
            CheckRun.objects.filter(pk__in=taken).take(lease=CheckRun.LEASE)
            claimed = CheckRun.objects.filter(pk__in=taken).select_related("round")
            return sorted(claimed, key=lambda one: (one.kind == Kind.ADDRESS, one.requested_at))
    except IntegrityError:
        # Another run of a subject was claimed in the same moment, or another's last attempt is under way.
        return []


def _alone_with(credential: str) -> None:
    """Let one worker at a time claim runs of the credential, or two would each take a part of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [credential])


def _lock(run: CheckRun, *, others: bool) -> list[uuid.UUID]:
    """Lock the run, waiting for a save that holds it, and then those alike that nobody holds."""
    free = CheckRun.objects.free().filter(attempt__lt=ATTEMPTS)
    taken = list(free.filter(pk=run.pk).select_for_update(of=("self",)).values_list("pk", flat=True))
    if taken and others:
        alike = free.alike(run).select_for_update(of=("self",), skip_locked=True)
        taken += alike.values_list("pk", flat=True)[:LARGEST_BATCH]
    return taken


def stage_ended(run: CheckRun, result: StageResult) -> bool:
    """Show a finished stage on the run and renew its lease; False when the claim was lost."""
    run.progress = [*run.progress, stage_as_stored(result)]
    held = CheckRun.objects.mine(run).update(
        progress=run.progress, client_id=run.client_id, lease_until=Now() + CheckRun.LEASE
    )
    return bool(held)


def renew(runs: Collection[CheckRun]) -> None:
    """Renew the leases of runs that wait for their turn in a batch; a lease that another worker has is only longer."""
    CheckRun.objects.filter(pk__in=[run.pk for run in runs], state=State.RUNNING).update(
        lease_until=Now() + CheckRun.LEASE
    )


@transaction.atomic
def defer(runs: Sequence[CheckRun], until: datetime) -> None:
    """Put claimed runs back until the moment; it costs them no attempt.

    A run whose subject was asked for again meanwhile ends here: the newer one does its work.
    """
    held = CheckRun.objects.lock_mine(runs)
    newer = set(CheckRun.objects.waiting(subjects=[run.subject_id for run in held]).values_list("kind", "subject_id"))
    over = [run.pk for run in held if (run.kind, run.subject_id) in newer]
    CheckRun.objects.filter(pk__in=over).update(state=State.DONE, finished_at=Now(), lease_until=None)
    CheckRun.objects.filter(pk__in={run.pk for run in held} - set(over)).update(
        state=State.QUEUED, not_before=until, attempt=F("attempt") - 1, lease_until=None, rung_at=None
    )
