"""What a check means for its subject: its status, since when, and when it is checked next.

One failure of a kind that may pass is a warning; the second makes the subject broken. What only a person can correct is
checked once more soon, so that an alarm has two samples, and then once a day until something changes.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import (
    Case,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Now

from configurator.status import Status
from queues.models import Queue, QueueAddress
from queues.services import queues_follow
from tokenchecks.engine.results import Outcome
from tokenchecks.models import CheckRun, Kind, Span, Watch
from tokenchecks.subjects import stored_rows
from tokenchecks.subjects.freshness import DAY, MAY_PASS, UNSETTLED, known_for
from tokenchecks.subjects.grouping import scope_of

CONFIRM_AFTER = timedelta(minutes=2)
ALARMING = 2  # bad samples in a row

Found = tuple[CheckRun, Outcome, str]
Key = tuple[str, Any]


@dataclass(frozen=True)
class Verdict:
    status: Status
    cause: str = ""
    code: str = ""
    error_class: str = ""
    who: str = ""
    bad_samples: int = 0

    @property
    def columns(self) -> dict[str, Any]:
        """The fields that watches and spans share."""
        return {
            "status": self.status,
            "cause": self.cause,
            "code": self.code,
            "error_class": self.error_class,
            "who": self.who,
        }

    @property
    def is_good(self) -> bool:
        """Whether mail flows: nothing broken was found."""
        return self.bad_samples == 0


def judge(outcome: Outcome, bad_samples: int) -> Verdict:
    """Return the verdict on a subject that was broken ``bad_samples`` times in a row before this check."""
    decisive = outcome.decisive
    if decisive is None:
        return Verdict(Status.OK)
    bad = bad_samples + 1 if outcome.status == "broken" else 0
    passing = decisive.class_ in MAY_PASS and bad < ALARMING
    status = Status.WARNING if passing else Status(outcome.status)
    return Verdict(status, decisive.cause, decisive.code, decisive.class_, decisive.who, bad)


def next_check_after(verdict: Verdict) -> timedelta:
    """Return after how long the subject is checked again, before jitter."""
    every: timedelta = settings.CHECK_EVERY
    if verdict.is_good:
        return every
    if verdict.bad_samples < ALARMING:
        return min(CONFIRM_AFTER, every)
    return every if verdict.error_class in UNSETTLED else max(DAY, every)


def write_status(found: Sequence[Found]) -> None:
    """Write the outcomes on subjects, watches and spans, in the caller's transaction.

    Locks queues before subjects and these before watches, as a save does.
    """
    watches = {(watch.kind, watch.subject_id): watch for watch in _watches(found)}
    verdicts: dict[Key, Verdict] = {}
    rows: dict[tuple[str, Status, str], list[Any]] = defaultdict(list)
    for run, outcome, summary in found:
        key = (run.kind, run.subject_id)
        verdicts[key] = judge(outcome, watches[key].bad_samples if key in watches else 1)
        rows[run.kind, verdicts[key].status, summary].append(run.subject_id)
    homes = _homes_of_changed(watches, verdicts)
    Queue.objects.lock_all(homes)
    stored_rows.lock([run for run, _, _ in found])
    for (kind, status, summary), pks in rows.items():
        stored_rows.mark(kind, pks, status=status, summary=summary)
    queues_follow(homes)
    pks = [watch.pk for watch in watches.values()]
    locked = list(Watch.objects.filter(pk__in=pks).annotate(now=Now()).select_for_update())
    _write(locked, verdicts)


def _homes_of_changed(watches: dict[Key, Watch], verdicts: dict[Key, Verdict]) -> list[Any]:
    """Return the queues of addresses whose status changes; no other run writes it meanwhile, so this needs no lock."""
    changed = [
        key[1]
        for key, verdict in verdicts.items()
        if key[0] == Kind.ADDRESS and (key not in watches or watches[key].status != verdict.status)
    ]
    return list(QueueAddress.objects.filter(pk__in=changed).values_list("queue_id", flat=True))


def _watches(found: Sequence[Found]) -> Iterable[Watch]:
    pks: dict[str, list[Any]] = defaultdict(list)
    for run, _, _ in found:
        pks[run.kind].append(run.subject_id)
    subjects = Q()
    for kind, ids in pks.items():
        subjects |= Q(kind=kind, subject_id__in=ids)
    return Watch.objects.filter(subjects) if found else []


def _write(watches: Sequence[Watch], verdicts: dict[Key, Verdict]) -> None:
    """Write the verdicts on watches, one update for equal ones, and extend their spans or begin new ones."""
    same: dict[Verdict, list[int]] = defaultdict(list)
    fresh: list[Watch] = []
    carried: list[int] = []
    for watch in watches:
        verdict = verdicts[watch.kind, watch.subject_id]
        same[verdict].append(watch.pk)
        unchanged = (watch.status, watch.cause, watch.code) == (verdict.status, verdict.cause, verdict.code)
        if unchanged and watch.span_id and not _was_silent(watch):
            carried.append(watch.span_id)
        else:
            fresh.append(watch)
    for verdict, pks in same.items():
        _update(pks, verdict)
    Span.objects.filter(pk__in=carried).update(until=Now(), samples=F("samples") + 1)
    _begin(fresh, verdicts)


def _was_silent(watch: Any) -> bool:
    """Return whether the watch, annotated with ``now``, was not checked for so long that its status is unknown."""
    known: bool = watch.checked_at and watch.now - watch.checked_at <= known_for(watch.status, watch.error_class)
    return not known


def _update(pks: Sequence[int], verdict: Verdict) -> None:
    """Write one verdict on its watches; ``due_at`` stays None where it is."""
    pause = ExpressionWrapper(Value(next_check_after(verdict)) * F("spread"), output_field=DurationField())
    due = ExpressionWrapper(Now() + pause, output_field=DateTimeField())
    Watch.objects.filter(pk__in=pks).update(
        **verdict.columns,
        scope=scope_of(verdict.cause, verdict.error_class),
        since=Case(When(status=verdict.status, cause=verdict.cause, then=F("since")), default=Now()),
        bad_samples=verdict.bad_samples,
        checked_at=Now(),
        last_good_at=Now() if verdict.is_good else F("last_good_at"),
        due_at=Case(When(due_at__isnull=False, then=due), default=Value(None, output_field=DateTimeField())),
    )


def _begin(watches: Sequence[Watch], verdicts: dict[Key, Verdict]) -> None:
    Span.objects.bulk_create(
        Span(kind=kind, subject_id=pk, since=Now(), until=Now(), **verdicts[kind, pk].columns)
        for kind, pk in ((watch.kind, watch.subject_id) for watch in watches)
    )
    newest = Span.objects.filter(kind=OuterRef("kind"), subject_id=OuterRef("subject_id")).order_by("-since", "-pk")
    Watch.objects.filter(pk__in=[watch.pk for watch in watches]).update(span=Subquery(newest.values("pk")[:1]))
