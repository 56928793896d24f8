"""A worker claims runs under a lease, renews it as stages end, and puts back what has to wait."""

import uuid
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Count, F
from django.db.models.functions import Now

from configurator.db.locks import advisory_lock
from tokenchecks.engine.results import StageResult
from tokenchecks.models import CheckRun, Kind, State
from tokenchecks.models.querysets import CheckRunQuerySet, fill
from tokenchecks.subjects.transcript import stage_as_stored

# At most so many runs are claimed together, by how often their worker was lost before: a check that takes its worker
# down takes fewer others with it each time, and makes its last attempt by itself.
TOGETHER = (500, 25, 1)


def claim(run_id: uuid.UUID) -> CheckRun | None:
    """Claim the run, or return None when it is done or another worker has it."""
    return next(iter(_claim(run_id, together=False)), None)


def claim_batch(run_id: uuid.UUID) -> list[CheckRun]:
    """Claim the run and those that are performed with it, servers first; empty when there is nothing to do.

    A run that a person requested is claimed with all that wait for the same token; one of the schedule or of a round
    with others of these, each credential as a whole.
    """
    return _claim(run_id, together=True)


def _claim(run_id: uuid.UUID, *, together: bool) -> list[CheckRun]:
    """Claim in one transaction, so that the rows read are the ones this claim wrote and carry its fence."""
    try:
        with transaction.atomic():
            run = CheckRun.objects.filter(pk=run_id).first()
            if run is None:
                return []
            taken = _lock_together(run) if together and run.shares_token else _lock(run)
            CheckRun.objects.filter(pk__in=taken).take(lease=CheckRun.LEASE)
            claimed = CheckRun.objects.filter(pk__in=taken)
            return sorted(claimed, key=lambda one: (one.kind == Kind.ADDRESS, one.requested_at))
    except IntegrityError:
        # Another run of a subject was claimed in the same moment, or another's last attempt is under way.
        return _claim(run_id, together=False) if together else []


def _lock(run: CheckRun) -> list[uuid.UUID]:
    """Lock the run if it is free; waits for a save that holds it."""
    mine = CheckRun.objects.free().unspent().filter(pk=run.pk)
    return list(mine.select_for_update(of=("self",)).values_list("pk", flat=True))


def _lock_together(run: CheckRun) -> list[uuid.UUID]:
    """Lock the run and others that may be claimed with it; of a round or the schedule, the others even where it is
    taken.
    """
    # Or two workers would each claim a part of what shares a token.
    advisory_lock(run.many or run.credential)
    taken = _lock(run)
    if not (taken or run.many):
        return []
    attempt = run.attempt if taken else 0
    room = TOGETHER[attempt] - len(taken)
    same = CheckRun.objects.free().performed_with(run).filter(attempt=attempt)
    if run.many:
        others = same.exclude(credential=run.credential) if taken else same
        chosen = fill(others.filter(state=State.QUEUED).order_by("credential").values_list("credential"), room)
        same = same.filter(credential__in=[run.credential, *chosen] if taken else chosen)
    if not room:
        return taken
    rows = list(same.select_for_update(of=("self",), skip_locked=True).values_list("pk", "credential"))
    partly = _partly_locked(same, [credential for _, credential in rows]) if run.many else set()
    taken = [] if run.credential in partly else taken
    return taken + [pk for pk, credential in rows if credential not in partly]


def _partly_locked(runs: CheckRunQuerySet, locked: Sequence[str]) -> set[str]:
    """Return the credentials of which another transaction has locked some runs: they are left for the next claim.

    Claimed in parts they would request their token twice, and the second part would have to wait for it.
    """
    total = dict(runs.values_list("credential").annotate(Count("pk")).order_by())
    return {
        credential for credential, rows in Counter(locked).items() if credential and rows < total.get(credential, 0)
    }


def save_stage(run: CheckRun, result: StageResult) -> bool:
    """Show a finished stage on the run and renew its lease; False when another worker has claimed it."""
    run.progress = [*run.progress, stage_as_stored(result)]
    held = CheckRun.objects.mine(run).update(progress=run.progress, lease_until=Now() + CheckRun.LEASE)
    return bool(held)


@transaction.atomic
def renew(runs: Collection[CheckRun]) -> None:
    """Renew the leases of the runs of a batch; harmless where another worker has one, whose lease is only longer."""
    waiting = CheckRun.objects.filter(pk__in=[run.pk for run in runs], state=State.RUNNING)
    waiting.untouched().update(lease_until=Now() + CheckRun.LEASE)


@transaction.atomic
def defer(runs: Sequence[CheckRun], until: datetime) -> None:
    """Put claimed runs back until then, without counting an attempt.

    A run whose subject was queued again meanwhile ends here, since the newer run replaces it.
    """
    held = CheckRun.objects.lock_mine(runs)
    waiting = CheckRun.objects.filter(state=State.QUEUED, subject_id__in=[run.subject_id for run in held])
    newer = set(waiting.values_list("kind", "subject_id", "purpose"))
    over = [run.pk for run in held if (run.kind, run.subject_id, run.purpose) in newer]
    CheckRun.objects.filter(pk__in=over).update(state=State.DONE, finished_at=Now(), lease_until=None)
    CheckRun.objects.filter(pk__in={run.pk for run in held} - set(over)).update(
        state=State.QUEUED, not_before=until, attempt=F("attempt") - 1, lease_until=None, notified_at=None
    )
