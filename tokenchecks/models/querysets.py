"""Queries and claims of check runs, results, watches and spans."""

import uuid
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Now

from configurator.accounts.scope import Scope
from configurator.db.trigram import found_in, holding
from configurator.jobs.models import JobQuerySet
from configurator.status import GRAVITY, Status
from queues.querysets import seen_subjects

if TYPE_CHECKING:
    from tokenchecks.models import CheckResult, CheckRun, Span, Watch  # noqa: F401  the types of the rows

ATTEMPTS = 3
PERIODS = {"hour": timedelta(hours=1), "day": timedelta(days=1)}
SPENT = Q(attempt__gte=ATTEMPTS) | Q(purpose="test_mail", attempt__gte=1)


def fill(credentials: "models.QuerySet[Any, Any]", room: int) -> list[str]:
    """Return credentials of the rows until they fill the room; the last one may exceed it."""
    chosen: list[str] = []
    for credential, rows in credentials.annotate(rows=Count("pk"))[: max(room, 0)]:
        if room <= 0:
            break
        chosen.append(credential)
        room -= rows
    return chosen


class CheckRunQuerySet(JobQuerySet["CheckRun"]):
    """The database's clock decides about leases."""

    def visible_to(self, scope: Scope) -> Self:
        """Return those of servers, and of addresses on queues within the scope."""
        return self if scope.is_whole else self.filter(seen_subjects(scope))

    def matching(self, text: str) -> "models.QuerySet[CheckRun]":
        """Return the runs whose subject's name or whose code contains the text."""
        from tokenchecks.models import CheckResult  # noqa: PLC0415  models import this file

        named = holding(text, "subject_name")
        coded = CheckResult.objects.filter(~Q(code=""), holding(text, "code"))
        parts = [self.model._default_manager.filter(named).values_list("pk", flat=True)]
        # Most texts are in no code; then no result needs to be read.
        if not coded.exists():
            return found_in(self, parts, named)
        return found_in(self, [*parts, coded.values_list("pk", flat=True)], named | holding(text, "result__code"))

    def of(self, kind: str, subject_id: uuid.UUID) -> Self:
        """Return the checks of one subject, newest first."""
        return self.filter(kind=kind, subject_id=subject_id, purpose="check").order_by("-requested_at")

    def newest(self, kind: str, subjects: Collection[uuid.UUID]) -> "dict[uuid.UUID, CheckRun]":
        """Return the newest run of each subject that has one, with its result."""
        runs = self.filter(kind=kind, subject_id__in=subjects, purpose="check").select_related("result")
        return {run.subject_id: run for run in runs.order_by("subject_id", "-requested_at").distinct("subject_id")}

    def of_next_secret(self, kind: str, server: uuid.UUID, sealed: uuid.UUID | None) -> Self:
        """Return the tests of exactly this next secret of the server, newest first."""
        tests = self.filter(kind=kind, subject_id=server, purpose="next_secret", told__values__sealed=str(sealed))
        return tests.order_by("-requested_at")

    def ended(self) -> Self:
        """Return the runs that ended by themselves, with their stages."""
        return self.filter(state__in=["done", "dead"]).exclude(progress=[])

    def ended_within(self, period: str) -> Self:
        return self.filter(finished_at__gte=Now() - PERIODS[period])

    def spent(self) -> Self:
        """Return the runs that may not be attempted again: a test mail might leave a second time."""
        return self.filter(SPENT)

    def unspent(self) -> Self:
        return self.exclude(SPENT)

    def waiting(self, *, subjects: Collection[uuid.UUID]) -> Self:
        """Return the queued checks of the subjects, in the order in which they are locked."""
        return self.filter(state="queued", purpose="check", subject_id__in=subjects).order_by("subject_id", "kind")

    def free(self) -> Self:
        """Return the runs that may be claimed now, unless another run of their subject is running."""
        busy = self.model.objects.filter(
            kind=OuterRef("kind"), subject_id=OuterRef("subject_id"), purpose=OuterRef("purpose"), state="running"
        ).exclude(pk=OuterRef("pk"))
        due = Q(not_before__isnull=True) | Q(not_before__lte=Now())
        ready = (Q(state="queued") & due) | Q(state="running", lease_until__lt=Now())
        return self.filter(ready, ~Exists(busy))

    def performed_with(self, run: "CheckRun") -> Self:
        """Return the other runs that may be claimed together with ``run``."""
        same = self.filter(purpose=run.purpose).exclude(pk=run.pk)
        if run.round_id:
            return same.filter(round=run.round_id)
        if not run.requested_by:
            return same.filter(requested_by="")
        return same.filter(credential=run.credential).exclude(requested_by="")

    def take(self, **values: Any) -> int:
        """Claim these rows, which the caller has locked, for one more attempt; return how many."""
        return super().take(state="running", progress=[], notify_failed=False, not_before=None, **values)

    def lock_mine(self, runs: "Iterable[CheckRun]") -> "list[CheckRun]":
        """Lock the rows of the runs whose claims still hold, and return those runs."""
        fences = {run.pk: run for run in runs}
        rows = self.filter(pk__in=fences, state="running").select_for_update().order_by("pk")
        return [fences[pk] for pk, fence in rows.values_list("pk", "fence") if fences[pk].fence == fence]

    def unclaimed(self, *, after: timedelta) -> Self:
        """Return the queued runs that may start and of which no worker was notified lately."""
        return super().unclaimed(after=after).filter(Q(not_before__isnull=True) | Q(not_before__lte=Now()))

    def note_notified(self, *, failed: bool | None) -> None:
        """Note what became of the message, for the page of the run too."""
        self.update(notified_at=Now() if failed is None else None, notify_failed=bool(failed))


class CheckResultQuerySet(models.QuerySet["CheckResult"]):
    def of(self, kind: str, subject_id: uuid.UUID) -> Self:
        """Return the results of one subject, newest first."""
        return self.filter(kind=kind, subject_id=subject_id).order_by("-at")


class WatchQuerySet(models.QuerySet["Watch"]):
    def visible_to(self, scope: Scope) -> Self:
        """Return those of servers, and of addresses on queues within the scope."""
        return self if scope.is_whole else self.filter(seen_subjects(scope))

    def in_state(self, status: Status) -> Self:
        """Return those with the status, by rank, which the index sorts by, and by status.

        With both, PostgreSQL sees that no such row has another status, and does not count those.
        """
        return self.filter(rank=GRAVITY.index(status), status=status)

    def of(self, kind: str, subject_id: uuid.UUID) -> Self:
        return self.filter(kind=kind, subject_id=subject_id)

    def due(self) -> Self:
        return self.filter(due_at__lte=Now())

    def overdue(self) -> Self:
        """Return the watches that are due for so long that no worker seems to run."""
        return self.filter(due_at__lt=Now() - settings.SILENT_AFTER)

    def matching(self, text: str) -> Self:
        """Return the watches whose subject's name or whose code contains the text."""
        return self.filter(holding(text, "name", "code"))


class SpanQuerySet(models.QuerySet["Span"]):
    def of(self, kind: str, subject_id: uuid.UUID) -> Self:
        """Return the spans of one subject, newest first."""
        return self.filter(kind=kind, subject_id=subject_id).order_by("-since")

    def reaching(self, begin: datetime) -> Self:
        """Return one subject's spans that reach ``begin`` or come after it, and the last one before, oldest first."""
        older = self.filter(until__lt=begin).order_by("-since")[:1]
        return self.filter(until__gte=begin).order_by().union(older, all=True).order_by("since")
