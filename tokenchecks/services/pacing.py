"""Pacing: how often a credential may be asked with, shared by all workers through the database.

Microsoft's wish to wait binds everybody.  Our own back-off after trouble, and the pause between two looks of the
schedule, bind the schedule alone: a person who presses Check now is answered at once.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models.functions import Now
from django.utils import timezone

from tokenchecks.engine.results import Outcome, StageResult
from tokenchecks.models import CheckRun, Credential
from tokenchecks.services.standing import MAY_PASS
from tokenchecks.transcript import stage_as_stored, stage_restored

PAUSE = timedelta(seconds=60)  # between two looks of the schedule with one credential
BACK_OFF = timedelta(seconds=30)
LONGEST = timedelta(hours=1)
LOCKED_OUT = timedelta(hours=1)
LOCK_OUT_CODE = "AADSTS50053"
NOT_AGAIN = (
    "Not sent again: each wrong password counts towards a lock-out. "
    "Once the password here is right, enter it anew to have it tried."
)


def hold_of(run: CheckRun) -> datetime | None:
    """Return the moment before which the run's credential must not be asked with; None when it may be now."""
    credential = Credential.objects.filter(pk=run.credential).first() if run.credential else None
    if credential is None:
        return None
    waits = [credential.held_until] if credential.by_microsoft or not run.requested_by else []
    if not run.requested_by and credential.asked_at:
        waits.append(credential.asked_at + PAUSE)
    until = max((moment for moment in waits if moment), default=None)
    return until if until and until > timezone.now() else None


def refusal_of(run: CheckRun, entered_at: datetime | None) -> StageResult | None:
    """Return how the token stage ended when the password was refused, if none was entered since; else None."""
    credential = Credential.objects.filter(pk=run.credential, refused_at__isnull=False).first()
    if credential is None or credential.refused_at is None or entered_at is None:
        return None
    return None if entered_at > credential.refused_at else stage_restored(credential.refused)


def asking(run: CheckRun) -> None:
    """Note for all workers that the run's credential is asked with now."""
    if run.credential:
        Credential.objects.update_or_create(key=run.credential, defaults={"asked_at": Now()})


def answered(run: CheckRun, outcomes: Iterable[Outcome]) -> None:
    """Note what the answers ask of whoever comes next with the run's credential."""
    if not run.credential:
        return
    stages = [stage for outcome in outcomes for stage in outcome.stages if stage.outcome == "broken"]
    rows = Credential.objects.filter(pk=run.credential)
    wait = _wish(stages)
    trouble = any(stage.class_ in MAY_PASS and stage.stage in ("tenant", "token") for stage in stages)
    if wait:
        rows.update(held_until=Now() + wait, by_microsoft=True)
    elif trouble:
        failures = rows.values_list("failures", flat=True).first() or 0
        rows.update(held_until=Now() + _back_off(failures), by_microsoft=False, failures=failures + 1)
    else:
        rows.exclude(held_until=None, failures=0).update(held_until=None, by_microsoft=False, failures=0)
    if refused := next(filter(_is_wrong_password, stages), None):
        rows.update(refused_at=refused.at, refused=_kept(refused))


def _wish(stages: Sequence[StageResult]) -> timedelta | None:
    """Return the longest wait that Microsoft asked for."""
    waits = [timedelta(seconds=stage.retry_after) for stage in stages if stage.retry_after]
    waits += [LOCKED_OUT for stage in stages if stage.code == LOCK_OUT_CODE]
    return min(max(waits), LONGEST) if waits else None


def _back_off(failures: int) -> timedelta:
    """Return the pause after so many failures in a row, spread so that workers do not come back all at once."""
    spread = random.uniform(0.8, 1.2)  # noqa: S311  a pause, no secret
    return min(BACK_OFF * (1 << min(failures, 10)), LONGEST) * spread


def _is_wrong_password(stage: StageResult) -> bool:
    """Tell whether the stage ended with a password that must not be sent again."""
    return stage.stage == "token" and stage.class_ == "password"


def _kept(refused: StageResult) -> dict[str, Any]:
    """Return the stage as it is shown from now on, for a password that is not sent again."""
    return stage_as_stored(replace(refused, ms=0, detail=refused.detail or NOT_AGAIN))
