"""The work of a job: the preview, and after the confirmation all of it in one transaction.

Small jobs are worked on by the request that asks for them, large ones by a worker; both call ``perform``.
"""

import logging
import uuid
from collections.abc import Callable
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from configurator.audit.services import gathered
from configurator.console.bulk.actions import GONE, Foreseen, NothingDone, Planned
from configurator.console.bulk.doorbell import ring_on_commit
from configurator.console.bulk.models import BUSY, BulkJob, BulkRow, Outcome, State
from configurator.console.bulk.progress import Progress
from configurator.db.bulk_insert import insert_all
from configurator.db.locks import try_advisory_lock

logger = logging.getLogger(__name__)

# So many rows a request works on by itself.
AT_ONCE: Final = 200
BATCH: Final = 1000
# The sweep begins it anew every few seconds; another job may hold its rows meanwhile.
TRIES: Final = 10
BROKE_OFF: Final = (
    f"It was begun {TRIES} times and broke off each time, so nothing was changed. Try it later, or with fewer rows."
)
NO_RIGHT: Final = "A right that it needs was taken away meanwhile, so nothing was changed."


def go_on(job: BulkJob) -> None:
    """Have the work done that the job's state asks for: here where it is small, else by a worker."""
    if not job.is_busy:
        return
    if job.total > AT_ONCE:
        ring_on_commit(job.pk)
        return
    try:
        perform(job.pk)
    except OperationalError as error:
        # Somebody holds one of the rows: the sweep rings for a worker, and the page waits for that.
        logger.warning("the bulk job %s is left to a worker (%s)", job.pk, type(error).__name__)
    job.refresh_from_db()


def perform(pk: uuid.UUID) -> None:
    """Do the work that waits, all of it or nothing; nothing when somebody else is at it or it is done."""
    if not _begun(pk):
        return
    try:
        with transaction.atomic():
            if job := _mine(pk):
                WORK[State(job.state)](job)
    except PermissionDenied:
        _give_up(pk, NO_RIGHT)
    except NothingDone as reason:
        _give_up(pk, str(reason))


@transaction.atomic
def _begun(pk: uuid.UUID) -> bool:
    """Count the try, and tell whether it is worth another."""
    job = _mine(pk)
    if job is None:
        return False
    if job.tries >= TRIES:
        logger.error("the bulk job %s broke off %d times", pk, job.tries)
        _give_up(pk, BROKE_OFF)
        return False
    BulkJob.objects.filter(pk=pk).update(tries=F("tries") + 1)
    return True


def _mine(pk: uuid.UUID) -> BulkJob | None:
    """Return the job until the transaction ends; None where nothing is to be done or somebody else is at it.

    What is locked is its number: the row itself stays free, so that its progress can be written.
    """
    if not try_advisory_lock(pk.int % 2**63):
        return None
    # Read under the lock: whoever held it before may have ended it.
    return BulkJob.objects.select_related("user").filter(pk=pk, state__in=BUSY).first()


def _give_up(pk: uuid.UUID, problem: str) -> None:
    """End the job without having done anything."""
    BulkJob.objects.filter(pk=pk, state__in=BUSY).update(state=State.FAILED, problem=problem, moved_at=Now())


def _preview(job: BulkJob) -> None:
    """Keep of each row what will become of it."""
    job.actor.require(job.rows_list.right)
    job.action.require(job.actor)
    values = job.action.cleaned(job.typed)
    rows = list(job.action.loaded(job.selected()))
    foreseen = job.action.foresee(job.actor, rows, values)
    kept = [_row(job, place, row, then) for place, (row, then) in enumerate(zip(rows, foreseen, strict=True))]
    kept += _gone(job, rows)
    job.rows.all().delete()
    insert_all(kept)
    _moved(job, State.ASKING, total=len(kept))


def _row(job: BulkJob, place: int, row: Any, then: Foreseen) -> BulkRow:
    """Return the row of the preview."""
    outcome = Outcome.REFUSED if then.refused else Outcome.READY if then.changes else Outcome.UNCHANGED
    return BulkRow(
        job=job,
        position=place,
        object_id=row.pk,
        version=row.version,
        name=str(row),
        url=row.get_absolute_url(),
        before=then.before,
        after=then.after,
        reason=then.refused,
        outcome=outcome,
    )


def _gone(job: BulkJob, rows: list[Any]) -> list[BulkRow]:
    """Return a row of the preview for each that was ticked and is not there any more."""
    there = {str(row.pk) for row in rows}
    gone = [pk for pk in job.picked or [] if pk not in there]
    return [
        BulkRow(job=job, position=len(rows), object_id=pk, name=pk, reason=GONE, outcome=Outcome.REFUSED) for pk in gone
    ]


def _apply(job: BulkJob) -> None:
    """Do what the preview showed, and keep of each row whether it was done."""
    actor, action = job.actor, job.action
    actor.require(job.rows_list.right)
    action.require(actor)
    ready = {row.object_id: row for row in job.rows.filter(outcome=Outcome.READY)}
    planned = [Planned(row.object_id, row.version, Foreseen(row.before, row.after)) for row in ready.values()]
    with gathered() as events, Progress(job.pk) as progress:

        def tell(pk: uuid.UUID, refused: str) -> None:
            ready[pk].outcome, ready[pk].reason = Outcome.REFUSED if refused else Outcome.DONE, refused
            progress.step()

        onward = action.perform_all(actor, planned, action.cleaned(job.typed), events, tell)
        job.rows.filter(outcome=Outcome.READY).update(outcome=Outcome.DONE)
        refused = [row for row in ready.values() if row.outcome == Outcome.REFUSED]
        BulkRow.objects.bulk_update(refused, ["outcome", "reason"], batch_size=BATCH)
        _moved(job, State.DONE, progress=len(ready), onward=onward)
        # What waits for the commit is done before the trail is locked.
        connection.check_constraints()


def _moved(job: BulkJob, to: State, **changed: object) -> None:
    """Write how far the job is now."""
    BulkJob.objects.filter(pk=job.pk).update(state=to, moved_at=Now(), **changed)


WORK: Final[dict[State, Callable[[BulkJob], None]]] = {State.LOOKING: _preview, State.APPLYING: _apply}
