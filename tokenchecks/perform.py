"""What a worker does with a run: claim it, check, write what came of it."""

import atexit
import logging
import time
import uuid
from functools import cache
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError

from configurator.vault.errors import SecretUnreadable
from tokenchecks import services, subjects
from tokenchecks.engine import stages
from tokenchecks.engine.entra import Gateway
from tokenchecks.engine.results import Outcome, StageResult
from tokenchecks.models import CheckResult, CheckRun
from tokenchecks.transcript import summary, unexpected, unreadable

logger = logging.getLogger(__name__)

PAUSE = 0.2  # seconds between two looks at a run that another worker has


class ClaimLost(Exception):
    """Another worker took the run over; whatever this one finds counts no more."""


@cache
def gateway() -> Gateway:
    """Return this process's one way to Microsoft: its connections are kept alive between checks."""
    made = Gateway(connect_to=settings.ENTRA_CONNECT_TO, ca_file=settings.ENTRA_CA_FILE)
    atexit.register(made.close)
    return made


def perform(run_id: uuid.UUID) -> None:
    """Check the run's subject and close the run; does nothing when it is done or another worker has it."""
    run = services.claim(run_id)
    if run is None:
        return
    row = subjects.stored(run.kind, run.subject_id)
    if row is None:
        services.abandon(run)
        return
    try:
        outcome = _outcome_of(run, row)
    except ClaimLost:
        logger.warning("check %s was taken over by another worker", run.pk)
        return
    services.finish(run, outcome, summary=summary(outcome, subjects.ENGINE_KIND[run.kind]))


def check_here(kind: str, pk: uuid.UUID, name: str, *, requested_by: str) -> CheckResult:
    """Check the subject in this process and return the result; waits where a worker is at it already.

    TimeoutError when that worker does not end within the lease.
    """
    run = services.queue_one(kind, pk, name, requested_by=requested_by)
    end = time.monotonic() + CheckRun.LEASE.total_seconds() + PAUSE
    while time.monotonic() < end:
        perform(run.pk)
        result = CheckResult.objects.filter(run=run).select_related("run").first()
        if result:
            return result
        time.sleep(PAUSE)
    raise TimeoutError(name)


def _outcome_of(run: CheckRun, row: Any) -> Outcome:
    """Run the stages; a fault of our own becomes an outcome too, so that no run stays open."""

    def show(result: StageResult) -> None:
        """Show the stage on the run's page."""
        if not services.stage_ended(run, result):
            raise ClaimLost

    try:
        subject = subjects.subject_of(run.kind, row)
        run.client_id = subject.client_id
        return stages.run(subject, gateway(), show)
    except SecretUnreadable as error:
        return unreadable(error)
    except (ClaimLost, OperationalError, InterfaceError):
        # Not the check failed but its bookkeeping: another has the run, or the sweeper will find it.
        raise
    except Exception as error:  # noqa: BLE001  a fault must end the run in words, not leave it open
        # The text of an unforeseen error may hold a secret: only its type is told.
        logger.error("check %s failed: %s", run.pk, type(error).__name__)  # noqa: TRY400  see above
        return unexpected(error)
