"""Performs a run: claims it with those that share its token, checks them, and closes each with its result."""

import atexit
import logging
import threading
import time
import uuid
from collections.abc import Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
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
from tokenchecks.services.queue import queue_without_notifying
from tokenchecks.subjects import inputs, stored_rows
from tokenchecks.subjects.targets import Target
from tokenchecks.subjects.transcript import held, stage_as_stored, unexpected, unreadable
from tokenchecks.worker.batch import OnEnded, Prepared, check_in_parallel, check_in_turn
from tokenchecks.worker.claim import claim_batch, defer
from tokenchecks.worker.close import close_without_result, write_end_dates
from tokenchecks.worker.pacing import holds_of, note_answers, note_requests, refusals_of

logger = logging.getLogger(__name__)

POLL = 0.2  # seconds between two queries for a run that another worker has
LIVE = 10  # at most so many checks are shown stage by stage; more run in parallel

_in_flight: set[Hashable] = set()
_in_flight_lock = threading.Lock()


@cache
def gateway() -> Gateway:
    """Return the process's one gateway, so that connections are kept alive between checks."""
    made = Gateway(settings.ENTRA_CONNECT_TO, settings.ENTRA_CA_FILE, proxy=settings.OUTBOUND_PROXY)
    atexit.register(made.close)
    return made


@contextmanager
def single_flight(key: Hashable) -> Iterator[bool]:
    """Yield True to one thread of the process at a time for each key, and False to the others, which do not wait."""
    with _in_flight_lock:
        mine = key not in _in_flight
        _in_flight.add(key)
    try:
        yield mine
    finally:
        if mine:
            _in_flight.discard(key)


def perform_run(run_id: uuid.UUID, on_ended: OnEnded = lambda _: None) -> None:
    """Check the run's subject and those that are claimed with it, and close the runs.

    Does nothing when the run is done or another worker has it; runs that must wait are put back.  After a run of the
    schedule or of a round, one thread goes on until none of these is left.
    ``on_ended`` is called with how many have ended since its last call.
    """
    run = CheckRun.objects.filter(pk=run_id).first()
    if run is None:
        return
    with single_flight(run.many or run_id) as mine:
        while mine and (batch := claim_batch(run_id)):
            if ready := _put_back_held(batch):
                _check_batch(ready, on_ended)
            if not run.many:
                return


def check_in_process(
    targets: Iterable[Target], *, requested_by: str, on_ended: OnEnded = lambda _: None
) -> Iterator[CheckResult]:
    """Check the targets in this process and yield their results in order; waits where a worker has one.

    Where Microsoft requested a wait, the result says so and is not stored: the run stays queued for a worker.
    Raises TimeoutError when another worker does not end within the lease.
    """
    for run in queue_without_notifying(targets, requested_by=requested_by):
        end = time.monotonic() + CheckRun.LEASE.total_seconds() + POLL
        while (result := _result_of(run)) is None:
            if time.monotonic() > end:
                raise TimeoutError(run.subject_name)
            perform_run(run.pk, on_ended)
            if CheckRun.objects.filter(pk=run.pk, state="running").exists():
                time.sleep(POLL)
        yield result


def _result_of(run: CheckRun) -> CheckResult | None:
    """Return the run's result, or an unstored one that says it has to wait; None while neither is known."""
    run.refresh_from_db()
    result = CheckResult.objects.filter(run=run).select_related("run").first()
    if result is None and run.not_before and run.not_before > timezone.now():
        stages = [stage_as_stored(stage) for stage in held(run.not_before).stages]
        return CheckResult(run=run, kind=run.kind, subject_id=run.subject_id, status="broken", stages=stages)
    return result


def _put_back_held(batch: Sequence[CheckRun]) -> list[CheckRun]:
    """Put back the runs whose credential must not be used yet, and return the others."""
    holds = holds_of(batch)
    for until in set(holds.values()):
        defer([run for run in batch if holds.get(run.pk) == until], until)
    return [run for run in batch if run.pk not in holds]


def _check_batch(batch: Sequence[CheckRun], on_ended: OnEnded) -> None:
    note_requests(batch)
    rows = inputs.rows_for(batch)
    for run in batch:
        if run.subject_id not in rows:  # deleted meanwhile
            close_without_result(run)
    prepared = _prepared([run for run in batch if run.subject_id in rows], rows)
    check = check_in_turn if len(prepared) <= LIVE and not batch[0].many else check_in_parallel
    ended = check(prepared, SharedGateway(gateway()), on_ended)
    note_answers(ended)
    write_end_dates(ended)


def _prepared(batch: Sequence[CheckRun], rows: dict[uuid.UUID, Any]) -> Prepared:
    """Return each run with what the engine checks, or with its outcome where that cannot be built."""
    entered = {pk: moment for pk, row in rows.items() if (moment := stored_rows.password_entered_at(row))}
    refused = refusals_of(batch, entered)
    changed = _changed_fields(batch, rows)
    outgoing = stored_rows.outgoing_for(rows.values())
    prepared: Prepared = []
    for run in batch:
        subject = _subject_of(run, rows[run.subject_id], outgoing)
        if isinstance(subject, Subject):
            subject = replace(subject, refused=refused.get(run.pk), changed=changed.get(run.subject_id))
        prepared.append((run, subject))
    return prepared


def _changed_fields(batch: Sequence[CheckRun], rows: dict[uuid.UUID, Any]) -> dict[uuid.UUID, tuple[str, ...]]:
    """Return the fields that were edited since each stored subject was last OK; trials and dry runs have no past."""
    checks = [run for run in batch if run.purpose == Purpose.CHECK]
    changed: dict[uuid.UUID, tuple[str, ...]] = {}
    for kind in {run.kind for run in checks}:
        pks = [run.subject_id for run in checks if run.kind == kind]
        changed |= changed_since_good(kind, {pk: getattr(rows[pk], "server_id", None) for pk in pks})
    return changed


def _subject_of(run: CheckRun, row: Any, outgoing: Subject | None) -> Subject | Outcome:
    """Return what the engine checks; a fault of the console becomes the outcome, so that no run stays open."""
    try:
        return inputs.subject_for(run, row, outgoing)
    except SecretUnreadable as error:
        return unreadable(error)
    except (OperationalError, InterfaceError):
        # The database failed, not the check: the sweep finds the run when its lease has run out.
        raise
    except Exception as error:  # noqa: BLE001  the check has ended, for any error
        # The text of an unexpected error may hold a secret: only its type is logged.
        logger.error("check %s failed: %s", run.pk, type(error).__name__)  # noqa: TRY400  see above
        return unexpected(error)
