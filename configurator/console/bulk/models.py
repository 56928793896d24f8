"""A job: one action on many rows, from the ticks to the result."""

from functools import reduce
from operator import and_
from typing import TYPE_CHECKING, Any, Final, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from configurator.accounts.actor import Actor
from configurator.accounts.scope import Scope
from configurator.console.bulk.actions import LISTS, BulkAction, BulkList, NothingDone
from configurator.jobs.models import Job, JobQuerySet

if TYPE_CHECKING:
    from configurator.accounts.models import User


class State(models.TextChoices):
    """How far a job is."""

    CHOOSING = "choosing", "Waits for a value"
    LOOKING = "looking", "Looks what will change"
    ASKING = "asking", "Waits for the confirmation"
    APPLYING = "applying", "Is being done"
    DONE = "done", "Done"
    FAILED = "failed", "Not done"


BUSY: Final = (State.LOOKING, State.APPLYING)


class Outcome(models.TextChoices):
    """What becomes of one row; in the order in which pages show them."""

    REFUSED = "1", "Refused"
    READY = "2", "Will change"
    DONE = "3", "Done"
    UNCHANGED = "4", "Stays as it is"


def seen_of(model: type[models.Model], scope: Scope) -> QuerySet[Any]:
    """Return the rows of the model that are within the scope; all, where nothing of it is in a queue."""
    rows: Any = model._default_manager.all()
    seen: QuerySet[Any] = rows.visible_to(scope) if hasattr(rows, "visible_to") else rows
    return seen


class BulkJobQuerySet(JobQuerySet["BulkJob"]):
    """Jobs wait and run in the same states; the lease tells which."""

    def free(self) -> Self:
        """Return the jobs that may be claimed."""
        return self.filter(Q(lease_until__isnull=True) | Q(lease_until__lt=Now()), state__in=BUSY)


class BulkJob(Job):
    """One action on many rows: what was ticked, what was entered, and how far it is."""

    TASK = "configurator.console.bulk.tasks.perform"
    WAITING = RUNNING = BUSY

    list_key = models.CharField(max_length=40)
    action_key = models.CharField(max_length=40)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    request_id = models.CharField(max_length=64, blank=True)
    back = models.CharField(max_length=2000)
    # The rows ticked; None for all that the filters find.
    picked = models.JSONField(null=True)
    query = models.TextField(blank=True)
    typed = models.JSONField(null=True)
    state = models.CharField(max_length=10, choices=State)
    asked_at = models.DateTimeField(db_default=Now())
    moved_at = models.DateTimeField(db_default=Now())
    attempt = models.PositiveSmallIntegerField(default=0, db_column="tries")
    # What the release before does not fill in has a default in the database.
    fence = models.PositiveIntegerField(default=0, db_default=0)
    notified_at = models.DateTimeField(null=True)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0, db_column="progress")
    problem = models.TextField(blank=True)
    onward = models.CharField(max_length=200, blank=True)

    objects = BulkJobQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["moved_at"], name="bulk_busy", condition=Q(state__in=["looking", "applying"])),
            models.Index(fields=["asked_at"], name="bulk_by_age"),
        ]
        constraints = [models.CheckConstraint(condition=Q(state__in=State.values), name="bulk_state_known")]

    def __str__(self) -> str:
        return f"{self.action.label}: {self.rows_list.counted(self.total)}"

    def get_absolute_url(self) -> str:
        return reverse("bulk:job", args=[self.pk])

    @property
    def rows_list(self) -> BulkList:
        return LISTS[self.list_key]

    @property
    def action(self) -> BulkAction:
        """The action; NothingDone where this release has no such action."""
        action = self.rows_list.action(self.action_key)
        if action is None:
            raise NothingDone("This action is not offered any more.")
        return action

    @property
    def actor(self) -> Actor:
        """The user who began it, with the rights that the user has now."""
        user: User = self.user
        return Actor.of(user, self.request_id)

    @property
    def is_busy(self) -> bool:
        return self.state in BUSY

    @property
    def scope(self) -> Scope:
        """The queues to which the rights that it needs reach."""
        user: User = self.user
        rights = {self.rows_list.right, *self.action.rights}
        return reduce(and_, map(user.scope, sorted(rights)))

    def selected(self) -> QuerySet[Any]:
        """Return the rows that were ticked, or all that the filters find."""
        rows = seen_of(self.rows_list.model, self.scope)
        if self.picked is not None:
            return rows.filter(pk__in=self.picked)
        # Some filters look at what their reader may view.
        request = HttpRequest()
        request.user = self.user
        filters = self.rows_list.filterset(QueryDict(self.query), queryset=rows, request=request)
        found: QuerySet[Any] = filters.qs if filters.is_valid() else rows.none()
        return found

    def rows_seen(self, scope: Scope) -> "QuerySet[BulkRow]":
        """Return the rows whose objects are within the scope; those of deleted ones are seen by who is not limited."""
        rows = self.rows.all()
        return rows if scope.is_whole else rows.filter(object_id__in=seen_of(self.rows_list.model, scope).values("pk"))

    def counts(self, scope: Scope) -> dict[str, int]:
        """Return how many rows within the scope have each outcome."""
        rows = self.rows_seen(scope).order_by().values_list("outcome").annotate(rows=Count("pk"))
        return dict(rows)


class BulkRow(models.Model):
    """One row of a job: what the preview showed, and what became of it."""

    id = models.BigAutoField(primary_key=True)
    job = models.ForeignKey(BulkJob, models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField()
    object_id = models.UUIDField()
    version = models.PositiveIntegerField(null=True)
    name = models.CharField(max_length=700)
    url = models.CharField(max_length=200, blank=True)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    outcome = models.CharField(max_length=1, choices=Outcome)

    class Meta:
        default_permissions = ()
        ordering = ["outcome", "position"]
        indexes = [models.Index(fields=["job", "outcome", "position"], name="bulk_row_in_order")]

    def __str__(self) -> str:
        return self.name
