"""How things stand, as checks find them: each sample goes through the services that every check goes through."""

import uuid
from collections.abc import Iterable
from typing import Any

from mailsettings.models import IncomingServer
from queues.models import Queue, QueueAddress
from tests.people import ACTOR, address, queue
from tokenchecks.engine.explain.catalogue import catalogue
from tokenchecks.engine.results import STAGES, Outcome, StageResult
from tokenchecks.models import Watch
from tokenchecks.services.queue import check_now
from tokenchecks.subjects.targets import Target, targets_of
from tokenchecks.worker.claim import claim
from tokenchecks.worker.close import Ended, finish_all

ALL_WELL = Outcome(tuple(StageResult(stage, "ok") for stage in STAGES))


def outcome(cause: str, *, status: Any = "broken", words: str = "") -> Outcome:
    """Return how a check ends that finds the cause."""
    known = catalogue().causes[cause]
    found = StageResult(
        "token", status, code="AADSTS1", cause=cause, class_=known.class_, who=known.who, provider_words=words
    )
    return Outcome((StageResult("settings", "ok"), StageResult("tenant", "ok"), found))


def sample(rows: Iterable[Any], ended: Outcome, *, times: int = 1) -> None:
    """Let so many checks of the servers and addresses end like that."""
    targets = [target for row in rows for target in targets_of(row.audit_kind, row.pk) if target.subject_id == row.pk]
    for _ in range(times):
        _round(targets, ended)


def _round(targets: list[Target], ended: Outcome) -> None:
    """Let one check of each end."""
    runs = check_now(actor=ACTOR, targets=targets)
    claimed = [claimed for run in runs if (claimed := claim(run.pk))]
    cause = ended.decisive.cause if ended.decisive else ""
    title = catalogue().causes[cause].title if cause else ""
    finish_all([Ended(run, ended, title) for run in claimed])


def breaks(rows: Iterable[Any], cause: str = "secret_expired", *, times: int = 2, words: str = "") -> None:
    """Let the servers and addresses be found broken, twice unless said otherwise."""
    sample(rows, outcome(cause, words=words), times=times)


def warns(rows: Iterable[Any], cause: str = "read_role_only") -> None:
    """Let the servers and addresses be warned of."""
    sample(rows, outcome(cause, status="warning"))


def works(rows: Iterable[Any], *, times: int = 1) -> None:
    """Let the servers and addresses be found well."""
    sample(rows, ALL_WELL, times=times)


def watch_of(row: Any) -> Watch:
    """Return how the row stands."""
    return Watch.objects.of(row.audit_kind, row.pk).get()


def addresses_of(server: IncomingServer, count: int, *, queues: int = 1) -> list[QueueAddress]:
    """Store addresses on the server, spread over so many queues of their own."""
    homes: list[Queue] = [queue(name=f"Queue {number} {uuid.uuid4().hex[:4]}") for number in range(queues)]
    return [address(server=server, queue=homes[number % queues]) for number in range(count)]
