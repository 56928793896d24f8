"""What every background job has: it waits in its table until a worker claims it under a lease."""

import uuid
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any, ClassVar, Self, TypeVar, cast

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

J = TypeVar("J", bound="Job")


class JobQuerySet(models.QuerySet[J]):
    """Claims and leases of jobs; the database's clock decides about them, since servers' clocks differ."""

    def take(self, *, lease: timedelta, **values: Any) -> int:
        """Claim the rows for one more attempt, with these values; return how many there were."""
        claims = {"attempt": F("attempt") + 1, "fence": F("fence") + 1, "lease_until": Now() + lease}
        return self.update(**claims, **values)

    def mine(self, job: J) -> Self:
        """Return the job while the claim that ``job`` was read under holds."""
        return self.filter(pk=job.pk, fence=job.fence, state__in=self.model.RUNNING)

    def lapsed(self) -> Self:
        """Return the jobs whose worker let the lease run out."""
        return self.filter(state__in=self.model.RUNNING, lease_until__lt=Now())

    def unclaimed(self, *, after: timedelta) -> Self:
        """Return the jobs that wait, and of which no worker was notified since then."""
        notified = Q(notified_at__isnull=True) | Q(notified_at__lt=Now() - after)
        return self.filter(notified, state__in=self.model.WAITING, lease_until__isnull=True)

    def untouched(self) -> Self:
        """Return the rows that no other transaction has locked, locked in the caller's transaction.

        An update of many rows waits for no other, so that it cannot be part of a deadlock.
        """
        free = self.order_by().select_for_update(skip_locked=True).values("pk")
        return cast("Self", self.model._default_manager.filter(pk__in=free))

    def note_notified(self, *, failed: bool | None) -> None:
        """Note that workers were notified; with ``failed`` that they were not, and whether the broker failed."""
        self.update(notified_at=Now() if failed is None else None)


class Job(models.Model):
    """A row that a Celery worker works on. The broker only notifies workers: what it forgets is still here.

    ``fence`` counts the claims, so that a worker that lost its lease writes nothing any more.
    """

    state: Any  # each kind has its own
    TASK: ClassVar[str]  # the Celery task that takes the job's id
    WAITING: ClassVar[Sequence[str]]  # the states in which it waits for a worker
    RUNNING: ClassVar[Sequence[str]]  # the states in which a worker has it

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    attempt = models.PositiveSmallIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    notified_at = models.DateTimeField(null=True, db_column="rung_at")

    class Meta:
        abstract = True

    @classmethod
    def batches(cls, jobs: Collection[Self]) -> list[list[uuid.UUID]]:
        """Return the ids of the jobs, those together of which a worker claims all when it is notified of the first."""
        return [[job.pk] for job in jobs]
