"""How often a credential may be used, for all workers together, through the database.

A wait that Microsoft requests binds everybody. Our own back-off, and the pause between two checks of the schedule, bind
the schedule alone: a person who presses Check now is served at once.
"""

import random
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from tokenchecks.engine.results import Outcome, StageResult
from tokenchecks.models import CheckRun, Credential, Purpose
from tokenchecks.subjects.freshness import MAY_PASS
from tokenchecks.subjects.transcript import stage_as_stored, stage_restored

PAUSE = timedelta(seconds=60)  # between two requests of the schedule with one credential
BACK_OFF = timedelta(seconds=30)
LONGEST = timedelta(hours=1)
LOCKED_OUT = timedelta(hours=1)
LOCK_OUT_CODE = "AADSTS50053"
SIGN_IN = ("tenant", "token")
NOT_AGAIN = (
    "Not sent again: each wrong password counts towards a lock-out. "
    "Once the password here is right, enter it anew and save it to have it tried."
)
# A save this soon after a check before save has the same password, which is not sent a second time.
SAME_TYPING = timedelta(minutes=5)


def holds_of(runs: Sequence[CheckRun]) -> dict[uuid.UUID, datetime]:
    """Return for each run that has to wait until when."""
    known = _known(runs)
    return {run.pk: until for run in runs if (until := _hold(run, known.get(run.credential)))}


def refusals_of(runs: Sequence[CheckRun], entered: Mapping[uuid.UUID, datetime]) -> dict[uuid.UUID, StageResult]:
    """Return the stored token stage of each run whose password was refused and not ``entered`` since.

    A trial counts as not entered: its button is pressed twice too easily.
    """
    known = _known(run for run in runs if run.subject_id in entered)
    found = {}
    for run in runs:
        credential = known.get(run.credential)
        if credential is None or credential.refused_at is None:
            continue
        if run.purpose == Purpose.TRIAL or entered[run.subject_id] <= credential.refused_at:
            found[run.pk] = stage_restored(credential.refused)
    return found


def note_requests(runs: Sequence[CheckRun]) -> None:
    """Write for all workers that the runs' credentials are used now."""
    Credential.objects.bulk_create(
        [Credential(key=key, asked_at=Now()) for key in sorted({run.credential for run in runs if run.credential})],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["asked_at"],
    )


def note_answers(ended: Sequence[tuple[CheckRun, Outcome]]) -> None:
    """Write on the runs' credentials what their next users must wait for or must not send."""
    stages: dict[str, list[StageResult]] = defaultdict(list)
    for run, outcome in ended:
        if run.credential:
            stages[run.credential] += [stage for stage in outcome.stages if stage.outcome == "broken"]
    well = [key for key, broken in stages.items() if not _concerns_next_user(broken)]
    rows = Credential.objects.filter(pk__in=well).exclude(held_until=None, failures=0)
    rows.update(held_until=None, by_microsoft=False, failures=0)
    issued = {run.credential for run, outcome in ended if any(map(_is_token, outcome.stages))}
    Credential.objects.filter(pk__in=issued, refused_at__isnull=False).update(refused_at=None, refused={})
    for key in stages.keys() - set(well):
        _note(Credential.objects.filter(pk=key), stages[key], typed=ended[0][0].purpose == Purpose.TRIAL)


def _known(runs: Iterable[CheckRun]) -> dict[str, Credential]:
    return Credential.objects.in_bulk({run.credential for run in runs if run.credential})


def _hold(run: CheckRun, credential: Credential | None) -> datetime | None:
    if credential is None:
        return None
    waits = [credential.held_until] if credential.by_microsoft or not run.requested_by else []
    if not run.requested_by and credential.asked_at:
        waits.append(credential.asked_at + PAUSE)
    until = max((moment for moment in waits if moment), default=None)
    return until if until and until > timezone.now() else None


def _concerns_next_user(broken: Sequence[StageResult]) -> bool:
    """Return whether anything of these stages concerns the credential's next user."""
    return bool(_requested_wait(broken)) or any(map(_is_trouble, broken)) or any(map(_is_wrong_password, broken))


def _note(rows: QuerySet[Credential], broken: Sequence[StageResult], *, typed: bool) -> None:
    """Write on the credential what the stages demand; ``typed`` where its secret is not saved yet."""
    if wait := _requested_wait(broken):
        rows.update(held_until=Now() + wait, by_microsoft=True)
    elif any(map(_is_trouble, broken)):
        failures = rows.values_list("failures", flat=True).first() or 0
        rows.update(held_until=Now() + _back_off(failures), by_microsoft=False, failures=failures + 1)
    if refused := next(filter(_is_wrong_password, broken), None):
        rows.update(refused_at=refused.at + (SAME_TYPING if typed else timedelta(0)), refused=_kept(refused))


def _is_token(stage: StageResult) -> bool:
    return stage.stage == "token" and stage.outcome == "ok"


def _is_trouble(stage: StageResult) -> bool:
    """Return whether the sign-in service, or the way to it, is in trouble that may pass."""
    return stage.class_ in MAY_PASS and stage.stage in SIGN_IN


def _requested_wait(stages: Sequence[StageResult]) -> timedelta | None:
    """Return the longest wait that Microsoft requested at the sign-in; a mailbox's wait is that mailbox's alone."""
    waits = [timedelta(seconds=stage.retry_after) for stage in stages if stage.retry_after and stage.stage in SIGN_IN]
    waits += [LOCKED_OUT for stage in stages if stage.code == LOCK_OUT_CODE]
    return min(max(waits), LONGEST) if waits else None


def _back_off(failures: int) -> timedelta:
    """Return the pause after so many failures in a row, spread so that workers do not return all at once."""
    spread = random.uniform(0.8, 1.2)  # noqa: S311  a pause, no secret
    return min(BACK_OFF * (1 << min(failures, 10)), LONGEST) * spread


def _is_wrong_password(stage: StageResult) -> bool:
    return stage.stage == "token" and stage.class_ == "password"


def _kept(refused: StageResult) -> dict[str, Any]:
    """Return the stage as it is shown while the password is not sent again."""
    return stage_as_stored(replace(refused, ms=0, detail=refused.detail or NOT_AGAIN))
