"""Checks a batch of claimed runs, in turn or in parallel, and closes each as it ends."""

import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial

from tokenchecks.engine.microsoft.entra import Gateway
from tokenchecks.engine.results import Outcome, StageResult
from tokenchecks.engine.stages import check
from tokenchecks.engine.subject import Subject
from tokenchecks.models import CheckRun
from tokenchecks.subjects import inputs, stored_rows
from tokenchecks.subjects.transcript import summary
from tokenchecks.worker.claim import renew, save_stage
from tokenchecks.worker.close import Ended, finish, finish_all

logger = logging.getLogger(__name__)

PARALLEL_CHECKS = 16  # at once in a batch; Graph allows an app four for each mailbox, and each has one here
FLUSH = 1.0  # seconds between two writes of results
WRITTEN = 200  # results in one transaction: a save must not wait long for its locks
RENEW = 10.0  # seconds between two renewals of leases

Prepared = list[tuple[CheckRun, Subject | Outcome]]
Finished = tuple[CheckRun, Outcome]
OnEnded = Callable[[int], object]


class ClaimLost(Exception):
    """Another worker has claimed the run: what this one finds is dropped."""


def check_in_turn(prepared: Prepared, shared: Gateway, on_ended: OnEnded) -> list[Finished]:
    """Check the runs one after the other, and show each stage as it ends."""
    finished: list[Finished] = []
    for at, (run, subject) in enumerate(prepared):
        ahead = [run for run, _ in prepared[at + 1 :]]
        try:
            outcome = _outcome_of(subject, shared, partial(_show, run, ahead), inputs.act_of(run))
        except ClaimLost:
            logger.warning("check %s was taken over by another worker", run.pk)
            continue
        finish(run, outcome, summary=_summary(run, outcome))
        finished.append((run, outcome))
        on_ended(1)
    return finished


def _show(run: CheckRun, ahead: Sequence[CheckRun], result: StageResult) -> None:
    if not save_stage(run, result):
        raise ClaimLost
    if ahead:
        renew(ahead)


def check_in_parallel(prepared: Prepared, shared: Gateway, on_ended: OnEnded) -> list[Finished]:
    """Check many at once; only the calling thread uses the database, and writes results about once a second."""
    ahead, ended, finished = deque(prepared), deque[Finished](), list[Finished]()
    unfinished = {run.pk: run for run, _ in prepared}
    renewed = time.monotonic()
    with ThreadPoolExecutor(PARALLEL_CHECKS, thread_name_prefix="check") as pool:
        busy = {pool.submit(_work_off, ahead, ended, shared) for _ in range(min(PARALLEL_CHECKS, len(prepared)))}
        try:
            while busy or ended:
                done, busy = wait(busy, timeout=FLUSH)
                fresh = [ended.popleft() for _ in range(len(ended))]
                for start in range(0, len(fresh), WRITTEN):
                    part = fresh[start : start + WRITTEN]
                    finish_all([Ended(run, outcome, _summary(run, outcome)) for run, outcome in part])
                for run, _ in fresh:
                    del unfinished[run.pk]
                if time.monotonic() > renewed + RENEW:
                    renew(unfinished.values())
                    renewed = time.monotonic()
                finished += fresh
                on_ended(len(fresh))
                for future in done:
                    future.result()
        finally:
            ahead.clear()
    return finished


def _work_off(ahead: deque[tuple[CheckRun, Subject | Outcome]], ended: deque[Finished], shared: Gateway) -> None:
    while True:
        try:
            run, subject = ahead.popleft()
        except IndexError:
            return
        ended.append((run, _outcome_of(subject, shared)))


def _outcome_of(
    subject: Subject | Outcome,
    shared: Gateway,
    on_stage: check.OnStage = lambda _: None,
    act: inputs.Act = check.run,
) -> Outcome:
    """Run the stages, unless the outcome is known already."""
    return subject if isinstance(subject, Outcome) else act(subject, shared, on_stage)


def _summary(run: CheckRun, outcome: Outcome) -> str:
    return summary(outcome, stored_rows.ENGINE_KIND[run.kind])
