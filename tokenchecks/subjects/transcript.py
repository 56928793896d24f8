"""How stages are stored, and the stages that the console itself reports."""

from dataclasses import MISSING, fields
from datetime import date, datetime
from typing import Any

from configurator.vault.errors import SecretUnreadable
from tokenchecks.engine.explain.explanation import explain_cause
from tokenchecks.engine.results import STAGES, Outcome, Stage, StageResult
from tokenchecks.engine.subject import Kind

EACH_FOR_ITSELF = "Settings and tenant are in order; each address signs in by itself"
OURS: Stage = "settings"
DEFAULTS = [(item.name, item.default) for item in fields(StageResult) if item.default is not MISSING]


def stage_as_stored(result: StageResult) -> dict[str, Any]:
    """Return the stage as JSON, without default values; it holds no secret."""
    stored: dict[str, Any] = {"stage": result.stage, "outcome": result.outcome}
    for name, default in DEFAULTS:
        value = getattr(result, name)
        if value != default:
            stored[name] = value
    if result.ends_on:
        stored["ends_on"] = result.ends_on.isoformat()
    stored["at"] = result.at.isoformat(timespec="milliseconds")
    return stored


def stage_restored(stored: dict[str, Any]) -> StageResult:
    known = {name: stored[name] for name in StageResult.__dataclass_fields__ if name in stored}
    for name in ("asked", "evidence"):
        known[name] = tuple(stored.get(name, ()))
    known["ends_on"] = date.fromisoformat(stored["ends_on"]) if stored.get("ends_on") else None
    return StageResult(**known | {"at": datetime.fromisoformat(stored["at"])})


def outcome_of(stored: list[dict[str, Any]]) -> Outcome:
    return Outcome(tuple(stage_restored(stage) for stage in stored))


def summary(outcome: Outcome, kind: Kind) -> str:
    """Return the outcome in one short sentence, "" when all stages are OK."""
    if outcome.decisive:
        return explain_cause(outcome.decisive.cause, kind).title
    untried = any(stage.stage == "token" and stage.outcome == "not_needed" for stage in outcome.stages)
    return EACH_FOR_ITSELF if untried else ""


def lost_mail(so_far: Outcome) -> Outcome:
    """Return the outcome of a test mail whose worker was lost after these stages: it may have left, or it has not.

    Each stage is stored before the next begins, so that one lost before it sent is known not to have sent.
    """
    sending = len(so_far.stages) == STAGES.index("send")
    return lost_worker(so_far, cause="internal.mail_may_have_left" if sending else "internal.mail_not_sent")


def lost_worker(so_far: Outcome, *, cause: str = "internal.worker_lost") -> Outcome:
    """Return the outcome of a check whose worker was lost for the last time after these stages."""
    done = so_far.stages[: len(STAGES) - 1]
    stage, *ahead = STAGES[len(done) :]
    lost = StageResult(stage, "broken", cause=cause, class_="internal", who="console administrator")
    return Outcome((*done, lost, *(StageResult(stage, "not_reached") for stage in ahead)))


def held(until: datetime) -> Outcome:
    """Return the outcome of a check that has to wait, as Microsoft requested; nothing was sent."""
    waits = f"Not asked: it waits until {until:%Y-%m-%d %H:%M:%S} UTC, as Microsoft wished, and is done then by itself"
    token = StageResult(
        "token", "broken", cause="throttled", class_="throttle", who="wait", detail=waits, code="held", retry=True
    )
    return Outcome(tuple(token if stage == "token" else StageResult(stage, "not_reached") for stage in STAGES))


def unreadable(error: SecretUnreadable) -> Outcome:
    """Return the outcome for a stored secret that cannot be opened; no host was called."""
    return _ended_before_it_began(
        StageResult(
            OURS,
            "broken",
            cause="internal.secret_unreadable",
            class_="internal",
            who="console administrator",
            detail=f"{error}",
        )
    )


def unexpected(error: Exception) -> Outcome:
    return _ended_before_it_began(
        StageResult(
            OURS,
            "broken",
            cause="internal.fault",
            class_="internal",
            who="console administrator",
            detail=type(error).__name__,
            retry=True,
        )
    )


def _ended_before_it_began(first: StageResult) -> Outcome:
    return Outcome((first, *(StageResult(stage, "not_reached") for stage in STAGES[1:])))
