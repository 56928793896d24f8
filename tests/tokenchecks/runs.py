"""Runs for tests to claim, lose and finish without an engine."""

import uuid
from datetime import timedelta
from typing import Any

from django.db.models.functions import Now

from tokenchecks.engine.results import STAGES, Outcome, StageResult
from tokenchecks.models import CheckRun, Kind
from tokenchecks.worker.claim import claim

GOOD = Outcome(tuple(StageResult(stage, "ok") for stage in STAGES))
BAD = Outcome((StageResult("settings", "broken", cause="internal.fault", class_="internal"),))


def queued(**values: Any) -> CheckRun:
    """Store a run that waits; of a subject of its own unless given."""
    values = {"kind": Kind.INCOMING, "subject_id": uuid.uuid4(), "subject_name": "Contoso"} | values
    return CheckRun.objects.create(**values)


def claimed(run: CheckRun) -> CheckRun:
    """Claim the run, which must be there to claim."""
    mine = claim(run.pk)
    assert mine is not None
    return mine


def lapse() -> None:
    """Let the time pass that lets every lease run out."""
    CheckRun.objects.filter(state="running").update(lease_until=Now() - timedelta(seconds=1))
