"""What a worker does with a run: claim it and those alike, check, write what came of them."""

import atexit
import logging
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from functools import cache
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError

from configurator.vault.errors import SecretUnreadable
from tokenchecks import services, subjects
from tokenchecks.engine import stages
from tokenchecks.engine.entra import Gateway
from tokenchecks.engine.results import Outcome, StageResult
from tokenchecks.engine.sharing import SharedGateway
from tokenchecks.engine.subject import Subject
from tokenchecks.models import CheckResult, CheckRun
from tokenchecks.services import Ended
from tokenchecks.targets import Target
from tokenchecks.transcript import summary, unexpected, unreadable

logger = logging.getLogger(__name__)

PAUSE = 0.2  # seconds between two looks at a run that another worker has
LIVE = 10  # so many checks are shown stage by stage; more are performed side by side
SIDE_BY_SIDE = 8  # mailboxes that one credential opens at once, far below what Graph allows an app
FLUSH = 1.0  # seconds between two writes of what has ended

Rows = dict[uuid.UUID, Any]
OnEnded = Callable[[int], object]


class ClaimLost(Exception):
    """Another worker took the run over; whatever this one finds counts no more."""


@cache
def gateway() -> Gateway:
    """Return this process's one way to Microsoft: its connections are kept alive between checks."""
    made = Gateway(connect_to=settings.ENTRA_CONNECT_TO, ca_file=settings.ENTRA_CA_FILE)
    atexit.register(made.close)
    return made


def perform(run_id: uuid.UUID, on_ended: OnEnded = lambda _: None) -> None:
    """Check the run's subject, and those that wait for the same token, and close the runs.

    Does nothing when the run is done or another worker has it, and puts it back when its credential must wait.
    ``on_ended`` hears how many have ended since it heard last.
    """
    batch = services.claim_batch(run_id)
    if not batch:
        return
    if until := services.hold_of(batch[0]):
        services.defer(batch, until)
        return
    services.asking(batch[0])
    rows = subjects.stored_all(batch)
    for gone in [run for run in batch if run.subject_id not in rows]:
        services.abandon(gone)
        batch.remove(gone)
    if batch:
        outcomes = _perform(batch, rows, on_ended)
        services.answered(batch[0], outcomes)


def check_here(
    targets: Iterable[Target], *, requested_by: str, on_ended: OnEnded = lambda _: None
) -> Iterator[CheckResult]:
    """Check the targets in this process and yield their results in order; waits where a worker is at one already.

    TimeoutError when that worker does not end within the lease, or when Microsoft's wish to wait lasts longer.
    """
    for run in services.queue_here(targets, requested_by=requested_by):
        end = time.monotonic() + CheckRun.LEASE.total_seconds() + PAUSE
        while (result := CheckResult.objects.filter(run=run).select_related("run").first()) is None:
            if time.monotonic() > end:
                raise TimeoutError(run.subject_name)
            perform(run.pk, on_ended)
            if CheckRun.objects.filter(pk=run.pk, state__in=["queued", "running"]).exists():
                time.sleep(PAUSE)
        yield result


def _perform(batch: Sequence[CheckRun], rows: Rows, on_ended: OnEnded) -> list[Outcome]:
    """Perform the batch over one shared gateway, few checks one after the other and many side by side."""
    entered = [moment for run in batch if (moment := subjects.password_entered_at(rows[run.subject_id]))]
    shared = SharedGateway(gateway(), services.refusal_of(batch[0], max(entered, default=None)))
    act = _one_by_one if len(batch) <= LIVE else _side_by_side
    return act(batch, rows, shared, on_ended)


def _one_by_one(batch: Sequence[CheckRun], rows: Rows, shared: Gateway, on_ended: OnEnded) -> list[Outcome]:
    """Check one after the other, each stage shown as it ends."""
    outcomes = []
    for at, run in enumerate(batch):

        def show(result: StageResult, run: CheckRun = run, ahead: Sequence[CheckRun] = batch[at + 1 :]) -> None:
            """Show the stage on the run's page."""
            if not services.stage_ended(run, result):
                raise ClaimLost
            if ahead:
                services.renew(ahead)

        subject = _prepared(run, rows[run.subject_id])
        try:
            outcome = subject if isinstance(subject, Outcome) else stages.run(subject, shared, show)
        except ClaimLost:
            logger.warning("check %s was taken over by another worker", run.pk)
            continue
        services.finish(run, outcome, summary=_summary(run, outcome))
        outcomes.append(outcome)
        on_ended(1)
    return outcomes


def _side_by_side(batch: Sequence[CheckRun], rows: Rows, shared: Gateway, on_ended: OnEnded) -> list[Outcome]:
    """Check many at once; only this thread speaks to the database, and it writes what has ended about once a second."""
    outcomes: list[Outcome] = []
    with ThreadPoolExecutor(SIDE_BY_SIDE, thread_name_prefix="check") as pool:
        ahead = {pool.submit(_quietly, _prepared(run, rows[run.subject_id]), shared): run for run in batch}
        try:
            while ahead:
                done, _ = wait(ahead, timeout=FLUSH)
                ended = [(ahead.pop(future), future.result()) for future in done]
                services.finish_all([Ended(run, outcome, _summary(run, outcome)) for run, outcome in ended])
                services.renew(ahead.values())
                outcomes += [outcome for _, outcome in ended]
                on_ended(len(ended))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
    return outcomes


def _quietly(subject: Subject | Outcome, shared: Gateway) -> Outcome:
    """Run the stages without showing them."""
    return subject if isinstance(subject, Outcome) else stages.run(subject, shared)


def _prepared(run: CheckRun, row: Any) -> Subject | Outcome:
    """Return the engine's view of the row; how its check ends when there is none, so that no run stays open."""
    try:
        subject = subjects.subject_of(run.kind, row)
    except SecretUnreadable as error:
        return unreadable(error)
    except (OperationalError, InterfaceError):
        # Not the check failed but its bookkeeping: the sweeper will find the run.
        raise
    except Exception as error:  # noqa: BLE001  a fault must end the run in words, not leave it open
        # The text of an unforeseen error may hold a secret: only its type is told.
        logger.error("check %s failed: %s", run.pk, type(error).__name__)  # noqa: TRY400  see above
        return unexpected(error)
    run.client_id = subject.client_id
    return subject


def _summary(run: CheckRun, outcome: Outcome) -> str:
    """Return the outcome in one short sentence."""
    return summary(outcome, subjects.ENGINE_KIND[run.kind])
