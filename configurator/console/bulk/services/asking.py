"""What a person does with a job: begin it, enter a value, confirm it."""

import uuid
from collections.abc import Collection, Mapping

from django.core.exceptions import PermissionDenied
from django.db.models.functions import Now
from django.utils import timezone

from configurator.accounts.actor import Actor
from configurator.console.bulk.actions import BulkAction, BulkList
from configurator.console.bulk.models import BulkJob, State
from configurator.console.bulk.services.performing import go_on
from configurator.db.capped_count import counted

MOST = 10_000


class TooMany(Exception):
    """More rows than one job takes."""


def begin(
    *, actor: Actor, rows: BulkList, action: BulkAction, picked: Collection[uuid.UUID] | None, query: str, back: str
) -> BulkJob:
    """Begin a job with the rows picked, or with all that the query finds, and make its preview unless it wants a value.

    Raises PermissionDenied, or TooMany for more than MOST rows.
    """
    actor.require(rows.right)
    action.require(actor)
    job = BulkJob(
        list_key=rows.key,
        action_key=action.key,
        user_id=uuid.UUID(actor.id),
        request_id=actor.request_id,
        back=back,
        picked=None if picked is None else [str(pk) for pk in picked],
        query=query if picked is None else "",
        state=State.CHOOSING if action.form_class else State.LOOKING,
        notified_at=timezone.now(),
    )
    job.total = counted(job.selected(), MOST) if picked is None else len(picked)
    if job.total > MOST:
        raise TooMany
    job.save(force_insert=True)
    go_on(job)
    return job


def enter_values(*, actor: Actor, job: BulkJob, typed: Mapping[str, str]) -> None:
    """Keep what was entered and make the preview with it; nothing happens to a job that is past that."""
    _move(actor, job, (State.CHOOSING, State.ASKING), State.LOOKING, typed=dict(typed))


def confirm(*, actor: Actor, job: BulkJob) -> None:
    """Have the job done that the preview showed; nothing happens to one that is past that."""
    _move(actor, job, (State.ASKING,), State.APPLYING, request_id=actor.request_id)


def _move(actor: Actor, job: BulkJob, of: Collection[State], to: State, **changed: object) -> None:
    """Let the job go on from one of these states; PermissionDenied for anybody but the one who began it."""
    actor.require(job.rows_list.right)
    job.action.require(actor)
    if str(job.user_id) != actor.id:
        raise PermissionDenied("Only the one who began it goes on with it.")
    waiting = BulkJob.objects.filter(pk=job.pk, state__in=of)
    moved = waiting.update(state=to, moved_at=Now(), notified_at=Now(), attempt=0, done=0, **changed)
    job.refresh_from_db()
    if moved:
        go_on(job)
