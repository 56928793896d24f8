"""What a worker does with a run: claim it and those alike, check, write what came of them."""

import atexit
import logging
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from configurator.vault.errors import SecretUnreadable
from tokenchecks.engine.microsoft.batch_cache import SharedGateway
from tokenchecks.engine.microsoft.entra import Gateway
from tokenchecks.engine.results import Outcome
from tokenchecks.engine.subject import Subject
from tokenchecks.history.changed import changed_since_good
from tokenchecks.models import CheckResult, CheckRun, Purpose
from tokenchecks.services.queue import queue_here
from tokenchecks.subjects import inputs, stored_rows
from tokenchecks.subjects.targets import Target
from tokenchecks.subjects.transcript import held, stage_as_stored, unexpected, unreadable
from tokenchecks.worker.batch import OnEnded, Prepared, one_by_one, side_by_side
from tokenchecks.worker.claim import claim_batch, defer
from tokenchecks.worker.close import abandon
from tokenchecks.worker.expiry_dates import ends_told
from tokenchecks.worker.pacing import answered, asking, holds_of, refusals_of
from tokenchecks.worker.single_flight import turn

logger = logging.getLogger(__name__)

PAUSE = 0.2  # seconds between two looks at a run that another worker has
LIVE = 10  # so many checks are shown stage by stage; more are performed side by side


@cache
def gateway() -> Gateway:
    """Return this process's one way to Microsoft: its connections are kept alive between checks."""
    made = Gateway(settings.ENTRA_CONNECT_TO, settings.ENTRA_CA_FILE, proxy=settings.OUTBOUND_PROXY)
    atexit.register(made.close)
    return made


def perform(run_id: uuid.UUID, on_ended: OnEnded = lambda _: None) -> None:
    """Check the run's subject, and those that are checked with it, and close the runs.

    Does nothing when the run is done or another worker has it, and puts back what must wait.  A run of many stands
    for all of them: one thread goes on until none is left.  ``on_ended`` hears how many have ended since it last did.
    """
    run = CheckRun.objects.filter(pk=run_id).first()
    if run is None:
        return
    with turn(run.many or run_id) as mine:
        while mine and (batch := claim_batch(run_id)):
            if ready := _ready(batch):
                _perform(ready, on_ended)
            if not run.many:
                return


def check_here(
    targets: Iterable[Target], *, requested_by: str, on_ended: OnEnded = lambda _: None
) -> Iterator[CheckResult]:
    """Check the targets in this process and yield their results in order; waits where a worker is at one already.

    Where Microsoft asked to wait, the result says so and is not stored: the check waits, and a worker will do it.
    TimeoutError when another worker does not end within the lease.
    """
    for run in queue_here(targets, requested_by=requested_by):
        end = time.monotonic() + CheckRun.LEASE.total_seconds() + PAUSE
        while (result := _result_of(run)) is None:
            if time.monotonic() > end:
                raise TimeoutError(run.subject_name)
            perform(run.pk, on_ended)
            if CheckRun.objects.filter(pk=run.pk, state="running").exists():
                time.sleep(PAUSE)
        yield result


def _result_of(run: CheckRun) -> CheckResult | None:
    """Return what came of the run, or that it has to wait; None while neither is known."""
    run.refresh_from_db()
    result = CheckResult.objects.filter(run=run).select_related("run").first()
    if result is None and run.not_before and run.not_before > timezone.now():
        stages = [stage_as_stored(stage) for stage in held(run.not_before).stages]
        return CheckResult(run=run, kind=run.kind, subject_id=run.subject_id, status="broken", stages=stages)
    return result


def _ready(batch: Sequence[CheckRun]) -> list[CheckRun]:
    """Return the runs that may ask now; the others are put back until then."""
    holds = holds_of(batch)
    for until in set(holds.values()):
        defer([run for run in batch if holds.get(run.pk) == until], until)
    return [run for run in batch if run.pk not in holds]


def _perform(batch: Sequence[CheckRun], on_ended: OnEnded) -> None:
    """Perform the batch over one shared gateway, few checks one after the other and many side by side."""
    asking(batch)
    rows = inputs.rows_for(batch)
    for gone in (run for run in batch if run.subject_id not in rows):
        abandon(gone)
    prepared = _prepared([run for run in batch if run.subject_id in rows], rows)
    act = one_by_one if len(prepared) <= LIVE and not batch[0].many else side_by_side
    ended = act(prepared, SharedGateway(gateway()), on_ended)
    answered(ended)
    ends_told(ended)


def _prepared(batch: Sequence[CheckRun], rows: dict[uuid.UUID, Any]) -> Prepared:
    """Return for each run the engine's view of its row, or how its check ends when there is none."""
    entered = {pk: moment for pk, row in rows.items() if (moment := stored_rows.password_entered_at(row))}
    refused = refusals_of(batch, entered)
    changed = _changed(batch, rows)
    outgoing = stored_rows.outgoing_for(rows.values())
    prepared: Prepared = []
    for run in batch:
        subject = _view_of(run, rows[run.subject_id], outgoing)
        if isinstance(subject, Subject):
            subject = replace(subject, refused=refused.get(run.pk), changed=changed.get(run.subject_id))
        prepared.append((run, subject))
    return prepared


def _changed(batch: Sequence[CheckRun], rows: dict[uuid.UUID, Any]) -> dict[uuid.UUID, tuple[str, ...]]:
    """Return what was edited since each stored subject of the batch last was well."""
    checks = [run for run in batch if run.purpose == Purpose.CHECK]
    changed: dict[uuid.UUID, tuple[str, ...]] = {}
    for kind in {run.kind for run in checks}:
        pks = [run.subject_id for run in checks if run.kind == kind]
        changed |= changed_since_good(kind, {pk: getattr(rows[pk], "server_id", None) for pk in pks})
    return changed


def _view_of(run: CheckRun, row: Any, outgoing: Subject | None) -> Subject | Outcome:
    """Return the engine's view of the row; a fault of ours ends the check in words, so that no run stays open."""
    try:
        return inputs.subject_for(run, row, outgoing)
    except SecretUnreadable as error:
        return unreadable(error)
    except (OperationalError, InterfaceError):
        # Not the check failed but its bookkeeping: the sweeper will find the run.
        raise
    except Exception as error:  # noqa: BLE001  whatever it is, the check has ended
        # The text of an unforeseen error may hold a secret: only its type is told.
        logger.error("check %s failed: %s", run.pk, type(error).__name__)  # noqa: TRY400  see above
        return unexpected(error)
