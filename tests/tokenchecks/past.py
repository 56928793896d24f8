"""Subjects with a past: checks that end as told, and time that passes between them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models import F

from configurator.audit.models import AuditEvent
from mailsettings.models import IncomingServer
from queues.models import QueueAddress
from tests.database import triggers_off
from tests.people import person
from tokenchecks.engine.results import STAGES, Outcome, StageResult
from tokenchecks.history.past import past_of
from tokenchecks.history.periods import BY_KEY
from tokenchecks.models import CheckResult, CheckRun, Kind, Span, Watch
from tokenchecks.services.queue import queue_without_notifying
from tokenchecks.subjects.targets import targets_of
from tokenchecks.worker.claim import claim
from tokenchecks.worker.close import finish

GOOD = Outcome(tuple(StageResult(stage, "ok") for stage in STAGES))
MINUTES = {count: timedelta(minutes=count) for count in (1, 2, 4, 10, 15)}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TIMES: dict[Any, Sequence[str]] = {
    CheckRun: ("requested_at", "finished_at"),
    CheckResult: ("at",),
    Watch: ("since", "checked_at", "last_good_at"),
    Span: ("since", "until"),
    AuditEvent: ("at",),
    IncomingServer: ("status_since", "checked_at"),
    QueueAddress: ("status_since", "checked_at"),
}


def broken(cause: str = "secret_expired", class_: str = "secret", code: str = "AADSTS7000222") -> Outcome:
    """Return the outcome of a check that broke at its token."""
    passed = [StageResult(stage, "ok") for stage in STAGES[:2]]
    stage = StageResult("token", "broken", cause=cause, class_=class_, code=code, who="Entra administrator")
    return Outcome((*passed, stage))


def passing(code: str = "timeout") -> Outcome:
    """Return the outcome of a check that met trouble which may pass by itself."""
    return broken("net_timeout", "network", code)


def warned() -> Outcome:
    """Return the outcome of a check with a warning."""
    return Outcome((StageResult("settings", "warning", cause="secret_end_date_past", class_="secret"),))


def check(subject: Any, outcome: Outcome, summary: str = "") -> None:
    """Let a check of the stored server or address end so."""
    kind = Kind(subject.audit_kind)
    target = next(target for target in targets_of(kind, subject.pk) if target.subject_id == subject.pk)
    (run,) = queue_without_notifying([target], requested_by="")
    claimed = claim(run.pk)
    assert claimed
    assert finish(claimed, outcome, summary=summary)


def pass_time(by: timedelta) -> None:
    """Let time pass: everything that was written is older by so much."""
    with triggers_off():
        for model, columns in TIMES.items():
            model._default_manager.update(**{column: F(column) - by for column in columns})


def checks(subject: Any, outcome: Outcome, times: int, every: timedelta = MINUTES[15]) -> None:
    """Let so many checks end so, one after the other, and the time pass after each."""
    for _ in range(times):
        check(subject, outcome)
        pass_time(every)


def states(subject: Any, period: str = "24h", username: str = "superuser") -> list[str]:
    """Return the states of the subject's intervals, oldest first."""
    past = past_of(subject.audit_kind, subject, person(username), BY_KEY[period])
    return [interval.status.value for interval in past.intervals]


def spans() -> list[tuple[str, int]]:
    """Return status and number of samples of each span, oldest first."""
    return list(Span.objects.order_by("since").values_list("status", "samples"))
