"""The columns of the exports of watches, checks, and addresses at risk."""

from functools import cache
from types import SimpleNamespace
from typing import Any

from configurator.console.exports.columns import Cell, Column, Export, column, field, moment
from configurator.status import Status
from queues.models import QueueAddress
from tokenchecks.engine.explain.explanation import Explanation, explain_cause
from tokenchecks.models import CheckRun, State, Watch
from tokenchecks.screens.lists.risk import risk_of
from tokenchecks.screens.panel import status_of
from tokenchecks.subjects.stored_rows import ENGINE_KIND


@cache
def _explained(cause: str, kind: str) -> Explanation:
    """Cached, since there are a few hundred causes and many rows."""
    return explain_cause(cause, ENGINE_KIND[kind])


def _title(cause: str | None, kind: str) -> Cell:
    return _explained(cause, kind).title if cause else ""


def _corrected_by(cause: str, kind: str) -> Cell:
    return _explained(cause, kind).responsible if cause else ""


def _came_of(state: str, status: str | None) -> Cell:
    if status:
        return str(Status(status).label)
    return str((Status.CHECKING if state in (State.QUEUED, State.RUNNING) else Status.UNCHECKED).label)


def _words(name: str | None) -> Cell:
    return (name or "").replace("_", " ")


WATCH_EXPORT = Export(
    (
        field(Watch, "status"),
        field(Watch, "name"),
        field(Watch, "kind", "Of"),
        column("Id", "subject_id"),
        Column("Cause", ("cause", "kind"), _title),
        column("Code", "code"),
        Column("What is wrong", ("error_class",), _words),
        Column("Who mends it", ("cause", "kind"), _corrected_by),
        moment("Since", "since"),
        moment("Last good", "last_good_at"),
        moment("Checked", "checked_at"),
        moment("Next", "due_at"),
    )
)
RUN_EXPORT = Export(
    (
        Column("Status", ("state", "result__status"), _came_of),
        column("Of", "subject_name"),
        field(CheckRun, "kind"),
        column("Id", "subject_id"),
        Column("Cause", ("result__cause", "kind"), _title),
        column("Code", "result__code"),
        column("Correlation ID", "result__correlation_id"),
        moment("Asked for", "requested_at"),
        column("By", "requested_by"),
        moment("Ended", "finished_at"),
        column("Attempt", "attempt"),
    )
)


def _why(stopped: Any) -> Cell:
    return risk_of(SimpleNamespace(stopped=stopped, tried=None)).why


def _last_try(tried: Any) -> Cell:
    """Return what the last dry run found, "" where there was none."""
    last = risk_of(SimpleNamespace(stopped=None, tried=tried)).last
    return str(status_of(last).label) if last else ""


RISK_EXPORT = Export(
    (
        field(QueueAddress, "status"),
        field(QueueAddress, "address"),
        column("Queue", "queue__name"),
        column("E-Mail Server", "server__name"),
        Column("Why it is at risk", ("stopped",), _why),
        Column("Last dry run", ("tried",), _last_try),
    )
)
