"""The work of a job: the preview, and after the confirmation all of it in one transaction.

Small jobs are worked on by the request that asks for them, large ones by a worker; both call ``perform``.
"""

import logging
import uuid
from collections.abc import Callable
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection, transaction
from django.db.models.functions import Now

from configurator.audit.services import gathered
from configurator.console.bulk.actions import GONE, NothingDone, Planned, RowPreview
from configurator.console.bulk.models import BulkJob, BulkRow, Outcome, State
from configurator.db.bulk_insert import insert_all
from configurator.jobs.doorbell import notify_on_commit
from configurator.jobs.lease import LEASE, Heartbeat, LostClaim, close, heartbeat

logger = logging.getLogger(__name__)

# So many rows a request works on by itself.
AT_ONCE: Final = 200
BATCH: Final = 1000
# The sweep has it done again every few seconds; another job may hold its rows meanwhile.
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
        notify_on_commit(job, noted=True)
        return
    try:
        perform(job.pk)
    except OperationalError as error:
        # Another transaction holds one of the rows: the sweep notifies a worker, and the page waits for that.
        logger.warning("the bulk job %s is left to a worker (%s)", job.pk, type(error).__name__)
    job.refresh_from_db()


def perform(pk: uuid.UUID) -> None:
    """Do the work that waits, all of it or nothing; nothing when somebody else has the job or it is done."""
    job = _claim(pk)
    if job is None:
        return
    try:
        with heartbeat(job) as beat, transaction.atomic():
            WORK[State(job.state)](job, beat)
    except PermissionDenied:
        _end(job, State.FAILED, problem=NO_RIGHT)
    except NothingDone as reason:
        _end(job, State.FAILED, problem=str(reason))
    except LostClaim:
        logger.warning("the bulk job %s took longer than its lease: what was done was taken back", pk)
    except OperationalError:
        # The next attempt need not wait until the lease runs out.
        BulkJob.objects.mine(job).update(lease_until=None)
        raise


def _claim(pk: uuid.UUID) -> BulkJob | None:
    """Return the job as the caller's under a lease; None when nothing is to be done or somebody else has it."""
    if not BulkJob.objects.filter(pk=pk).free().take(lease=LEASE):
        return None
    job = BulkJob.objects.select_related("user").get(pk=pk)
    if job.attempt <= TRIES:
        return job
    logger.error("the bulk job %s broke off %d times", pk, TRIES)
    _end(job, State.FAILED, problem=BROKE_OFF)
    return None


def _end(job: BulkJob, state: State, **changed: Any) -> None:
    close(job, state, moved_at=Now(), **changed)


def _preview(job: BulkJob, _: Heartbeat) -> None:
    """Store the preview of each row."""
    job.actor.require(job.rows_list.right)
    job.action.require(job.actor)
    values = job.action.cleaned(job.typed)
    rows = list(job.action.loaded(job.selected()))
    previews = job.action.preview(job.actor, rows, values)
    kept = [_row(job, place, row, preview) for place, (row, preview) in enumerate(zip(rows, previews, strict=True))]
    kept += _gone(job, rows)
    job.rows.all().delete()
    insert_all(kept)
    _end(job, State.ASKING, total=len(kept))


def _row(job: BulkJob, place: int, row: Any, preview: RowPreview) -> BulkRow:
    outcome = Outcome.REFUSED if preview.refused else Outcome.READY if preview.changes else Outcome.UNCHANGED
    return BulkRow(
        job=job,
        position=place,
        object_id=row.pk,
        version=row.version,
        name=str(row),
        url=row.get_absolute_url(),
        before=preview.before,
        after=preview.after,
        reason=preview.refused,
        outcome=outcome,
    )


def _gone(job: BulkJob, rows: list[Any]) -> list[BulkRow]:
    """Return a row of the preview for each that was ticked and is not there any more."""
    there = {str(row.pk) for row in rows}
    gone = [pk for pk in job.picked or [] if pk not in there]
    return [
        BulkRow(job=job, position=len(rows), object_id=pk, name=pk, reason=GONE, outcome=Outcome.REFUSED) for pk in gone
    ]


def _apply(job: BulkJob, beat: Heartbeat) -> None:
    """Do what the preview showed, and keep of each row whether it was done."""
    actor, action = job.actor, job.action
    actor.require(job.rows_list.right)
    action.require(actor)
    ready = {row.object_id: row for row in job.rows.filter(outcome=Outcome.READY)}
    planned = [Planned(row.object_id, row.version, RowPreview(row.before, row.after)) for row in ready.values()]
    with gathered() as events:

        def tell(pk: uuid.UUID, refused: str) -> None:
            ready[pk].outcome, ready[pk].reason = Outcome.REFUSED if refused else Outcome.DONE, refused
            beat(beat.done + 1)

        onward = action.perform_all(actor, planned, action.cleaned(job.typed), events, tell)
        job.rows.filter(outcome=Outcome.READY).update(outcome=Outcome.DONE)
        refused = [row for row in ready.values() if row.outcome == Outcome.REFUSED]
        BulkRow.objects.bulk_update(refused, ["outcome", "reason"], batch_size=BATCH)
        _end(job, State.DONE, done=len(ready), onward=onward)
        # What waits for the commit is done before the trail is locked.
        connection.check_constraints()


WORK: Final[dict[State, Callable[[BulkJob, Heartbeat], None]]] = {State.LOOKING: _preview, State.APPLYING: _apply}
