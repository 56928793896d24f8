"""The doorbell: tells the workers that a run waits.  It may fail, and it may ring twice; neither matters."""

import logging
import time
import uuid
from collections.abc import Sequence
from functools import partial
from typing import Any

from celery import current_app as app
from django.db import transaction
from django.db.models.functions import Now
from kombu import Connection

from configurator.jobs.doorbell import UNANSWERED, broker, publish
from tokenchecks.models import CheckRun

logger = logging.getLogger(__name__)

TASK = "tokenchecks.tasks.perform"
# Nor does a page wait for a broker that answers each ring slowly: after so many seconds the sweeper has the rest.
LONGEST = 1.0
LARGE = 250


Peal = list[uuid.UUID]  # runs that one ring is enough for: whoever hears it takes them together


def ring_on_commit(runs: Sequence[CheckRun], *, noted: bool = False) -> None:
    """Ring for the runs once their rows are committed; ``noted`` where they say already that they were rung for."""
    if runs:
        transaction.on_commit(partial(ring, tuple(runs), noted=noted), robust=True)


def ring(runs: Sequence[CheckRun], *, pile: int | None = None, noted: bool = False) -> int:
    """Publish a task for each run, one for those alike, and return for how many runs.

    After the first failure it notes on the rest that they wait.  With ``pile`` it stops when that many rings lie in
    the broker unheard: more would wake nobody.
    """
    peals = _peals(runs)
    rung: list[Peal] = []
    failed = False
    try:
        _publish(peals, rung, pile)
    except UNANSWERED as error:
        failed = True
        logger.warning("the broker does not answer (%s): the sweeper has the rest", type(error).__name__)
    heard = [pk for peal in rung for pk in peal]
    waiting = [pk for peal in peals[len(rung) :] for pk in peal]
    if heard and not noted:
        _note(heard, bell_failed=False, rung_at=Now())
    if waiting and (failed or noted):
        _note(waiting, bell_failed=failed, rung_at=None)
    return len(heard)


@transaction.atomic
def _note(runs: Peal, **found: Any) -> None:
    """Note on the queued runs what became of their ring; a run that a worker takes in this moment needs no note."""
    CheckRun.objects.filter(pk__in=runs, state="queued").untouched().update(**found)


def _peals(runs: Sequence[CheckRun]) -> list[Peal]:
    """Group the runs that are claimed together; those of many are split, so that several workers hear of them."""
    groups: dict[Any, Peal] = {}
    for run in runs:
        alone = not run.shares_token or run.not_before
        key = run.many or run.credential
        groups.setdefault(run.pk if alone else (key, run.purpose, run.attempt), []).append(run.pk)
    return [peal[start : start + LARGE] for peal in groups.values() for start in range(0, len(peal), LARGE)]


def _publish(peals: Sequence[Peal], rung: list[Peal], pile: int | None) -> None:
    """Publish for one peal after the other over one connection, and add each to ``rung``."""
    end = time.monotonic() + LONGEST
    with broker() as connection:
        room = len(peals) if pile is None else pile - _unheard(connection)
        for peal in peals[: max(room, 0)]:
            if time.monotonic() > end:
                logger.warning("the broker is slow: %d rings are left to the sweeper", len(peals) - len(rung))
                return
            publish(connection, TASK, peal[0])
            rung.append(peal)


def _unheard(connection: Connection) -> int:
    """Return how many rings lie in the broker."""
    channel: Any = connection.default_channel
    return int(channel.queue_declare(queue=app.conf.task_default_queue).message_count)
