"""Claiming: a worker takes runs under a lease, shows how far it is, and puts back what has to wait."""

import uuid
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.db.models import Count, F
from django.db.models.functions import Now

from tokenchecks.engine.results import StageResult
from tokenchecks.models import CheckRun, Kind, State
from tokenchecks.models.querysets import CheckRunQuerySet, fill
from tokenchecks.subjects.transcript import stage_as_stored

# So many checks are taken together at the most, by how often their worker was lost before: whatever takes its
# worker down takes fewer others with it each time, and makes its last attempt by itself.
TOGETHER = (500, 25, 1)


def claim(run_id: uuid.UUID) -> CheckRun | None:
    """Take the run for this worker, or return None when there is nothing to do."""
    return next(iter(_claim(run_id, together=False)), None)


def claim_batch(run_id: uuid.UUID) -> list[CheckRun]:
    """Take the run and those that are performed with it, servers first; empty when there is nothing to do.

    What a person asked for is taken with all that wait for the same token; what the schedule or a round asked for,
    with whatever else they did, each credential as a whole.
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
    """Lock the run if it is free, waiting for a save that holds it."""
    mine = CheckRun.objects.free().unspent().filter(pk=run.pk)
    return list(mine.select_for_update(of=("self",)).values_list("pk", flat=True))


def _lock_together(run: CheckRun) -> list[uuid.UUID]:
    """Lock the run and as many of those like it as may be taken with it; of many, those alone where it is taken."""
    _wait_for_turn(run.many or run.credential)
    taken = _lock(run)
    if not (taken or run.many):
        return []
    attempt = run.attempt if taken else 0
    room = TOGETHER[attempt] - len(taken)
    alike = CheckRun.objects.free().alike(run).filter(attempt=attempt)
    if run.many:
        others = alike.exclude(credential=run.credential) if taken else alike
        whole = fill(others.filter(state=State.QUEUED).order_by("credential").values_list("credential"), room)
        alike = alike.filter(credential__in=[run.credential, *whole] if taken else whole)
    if not room:
        return taken
    rows = list(alike.select_for_update(of=("self",), skip_locked=True).values_list("pk", "credential"))
    torn = _torn(alike, [credential for _, credential in rows]) if run.many else set()
    taken = [] if run.credential in torn else taken
    return taken + [pk for pk, credential in rows if credential not in torn]


def _torn(alike: CheckRunQuerySet, locked: Sequence[str]) -> set[str]:
    """Return the credentials of which a save, or whoever notes a ring, has some runs: they are left for the next time.

    Taken in parts they would ask for their token twice, and the second part would have to wait for it.
    """
    there = dict(alike.values_list("credential").annotate(Count("pk")).order_by())
    return {
        credential for credential, rows in Counter(locked).items() if credential and rows < there.get(credential, 0)
    }


def _wait_for_turn(key: str) -> None:
    """Let one worker at a time claim runs like these, or two would each take a part of what shares a token."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def stage_ended(run: CheckRun, result: StageResult) -> bool:
    """Show a finished stage on the run and renew its lease; False when the claim was lost."""
    run.progress = [*run.progress, stage_as_stored(result)]
    held = CheckRun.objects.mine(run).update(progress=run.progress, lease_until=Now() + CheckRun.LEASE)
    return bool(held)


@transaction.atomic
def renew(runs: Collection[CheckRun]) -> None:
    """Renew the leases of runs that wait for their turn in a batch; a lease that another worker has is only longer."""
    waiting = CheckRun.objects.filter(pk__in=[run.pk for run in runs], state=State.RUNNING)
    waiting.untouched().update(lease_until=Now() + CheckRun.LEASE)


@transaction.atomic
def defer(runs: Sequence[CheckRun], until: datetime) -> None:
    """Put claimed runs back until the moment; it costs them no attempt.

    A run whose subject was asked for again meanwhile ends here: the newer one does its work.
    """
    held = CheckRun.objects.lock_mine(runs)
    waiting = CheckRun.objects.filter(state=State.QUEUED, subject_id__in=[run.subject_id for run in held])
    newer = set(waiting.values_list("kind", "subject_id", "purpose"))
    over = [run.pk for run in held if (run.kind, run.subject_id, run.purpose) in newer]
    CheckRun.objects.filter(pk__in=over).update(state=State.DONE, finished_at=Now(), lease_until=None)
    CheckRun.objects.filter(pk__in={run.pk for run in held} - set(over)).update(
        state=State.QUEUED, not_before=until, attempt=F("attempt") - 1, lease_until=None, rung_at=None
    )
