"""Reads and claims of check runs."""

import uuid
from collections.abc import Collection
from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.db import IntegrityError, models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now

if TYPE_CHECKING:
    from tokenchecks.models import CheckResult, CheckRun  # noqa: F401  the types of the rows


class CheckRunQuerySet(models.QuerySet["CheckRun"]):
    """The questions asked of check runs; the database's clock decides about leases."""

    def matching(self, text: str) -> Self:
        """Return the runs whose subject's name or whose code holds the text."""
        return self.filter(Q(subject_name__icontains=text) | Q(result__code__icontains=text))

    def of(self, kind: str, subject_id: uuid.UUID) -> Self:
        """Return the runs of one subject, newest first."""
        return self.filter(kind=kind, subject_id=subject_id).order_by("-requested_at")

    def newest(self, kind: str, subjects: Collection[uuid.UUID]) -> "dict[uuid.UUID, CheckRun]":
        """Return the newest run of each subject that has one, with its result."""
        runs = self.filter(kind=kind, subject_id__in=subjects).select_related("result")
        return {run.subject_id: run for run in runs.order_by("subject_id", "-requested_at").distinct("subject_id")}

    def lapsed(self) -> Self:
        """Return the runs whose worker let the lease run out."""
        return self.filter(state="running", lease_until__lt=Now())

    def waiting(self, *, subjects: Collection[uuid.UUID]) -> Self:
        """Return the queued runs of the subjects."""
        return self.filter(state="queued", subject_id__in=subjects).order_by("subject_id", "kind")

    def claim(self, pk: uuid.UUID, *, lease: timedelta, attempts: int) -> "CheckRun | None":
        """Take the run for the caller, or return None: done, taken by another, or its subject is being checked."""
        busy = self.model.objects.filter(
            kind=OuterRef("kind"), subject_id=OuterRef("subject_id"), state="running"
        ).exclude(pk=pk)
        free = Q(state="queued") | Q(state="running", lease_until__lt=Now())
        try:
            # In one transaction, so that the row read is the one this claim wrote and carries its fence.
            with transaction.atomic():
                claimed = self.filter(~Exists(busy), free, pk=pk, attempt__lt=attempts).update(
                    state="running",
                    attempt=F("attempt") + 1,
                    fence=F("fence") + 1,
                    lease_until=Now() + lease,
                    progress=[],
                    bell_failed=False,
                )
                return self.get(pk=pk) if claimed else None
        except IntegrityError:
            # Another run of the subject was claimed in the same moment, or another's last attempt is under way.
            return None

    def mine(self, run: "CheckRun") -> Self:
        """Return the run while the claim that ``run`` was made under still holds."""
        return self.filter(pk=run.pk, fence=run.fence, state="running")

    def unheard(self, *, after: timedelta) -> Self:
        """Return the queued runs that nobody rang for, or rang for ``after`` ago without an answer."""
        return self.filter(Q(rung_at__isnull=True) | Q(rung_at__lt=Now() - after), state="queued")


class CheckResultQuerySet(models.QuerySet["CheckResult"]):
    """The questions asked of check results."""

    def of(self, kind: str, subject_id: uuid.UUID) -> Self:
        """Return the results of one subject, newest first."""
        return self.filter(kind=kind, subject_id=subject_id).order_by("-at")
