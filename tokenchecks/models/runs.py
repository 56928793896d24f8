"""The queue of record: one row per requested check, and one result per check that ended.

Valkey only notifies workers; whatever it loses is still here, and the sweep notifies again.
"""

import uuid
from collections.abc import Collection
from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.db.models import CheckConstraint, Q
from django.db.models.functions import Now

from configurator.db.trigram import substring_index
from configurator.jobs.models import Job
from configurator.links import place
from configurator.status import Status
from tokenchecks.models.querysets import ATTEMPTS, CheckResultQuerySet, CheckRunQuerySet


class Purpose(models.TextChoices):
    """What a run is for: checks alone make history."""

    CHECK = "check", "Check"
    TRIAL = "trial", "Check before save"
    DRY_RUN = "dry_run", "Dry run"
    NEXT_SECRET = "next_secret", "Check of the next secret"
    TEST_MAIL = "test_mail", "Test mail"


class Kind(models.TextChoices):
    """What can be checked; the values are the kinds of the audit log."""

    INCOMING = "incoming_server", "Incoming mail server"
    OUTGOING = "outgoing_server", "Outgoing mail server"
    ADDRESS = "address", "Queue address"


class State(models.TextChoices):
    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    DEAD = "dead", "Given up"


class CheckRun(Job):
    """One check of one subject: queued, then claimed under a lease, then done or, after three lost workers, given up.

    Only one run at a time makes its last attempt: a check that takes its worker down each time costs the checks in its
    batch at most two attempts, and they are never given up for it.
    """

    # Longer than any stage: each request ends within its deadline of 15 s, and a stage makes at most two. Runs that are
    # performed together have theirs renewed together, every few seconds.
    LEASE = timedelta(seconds=35)

    TASK = "tokenchecks.tasks.perform"
    WAITING, RUNNING = (State.QUEUED,), (State.RUNNING,)
    # One message is for so many runs at the most, so that several workers take part in a round.
    MOST_TOGETHER = 250

    kind = models.CharField(max_length=20, choices=Kind)
    subject_id = models.UUIDField()
    subject_name = models.CharField(max_length=660)
    client_id = models.CharField(max_length=36, blank=True)
    purpose = models.CharField(max_length=12, choices=Purpose, default=Purpose.CHECK)
    # Runs that request the same token are performed together; "" for what is performed by itself.
    credential = models.CharField(max_length=32, blank=True)
    round = models.ForeignKey("tokenchecks.CheckRound", models.SET_NULL, null=True, related_name="runs")
    not_before = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    requested_at = models.DateTimeField(db_default=Now())
    requested_by = models.CharField(max_length=150, blank=True)
    notify_failed = models.BooleanField(default=False, db_column="bell_failed")
    finished_at = models.DateTimeField(null=True)
    progress = models.JSONField(default=list)

    objects = CheckRunQuerySet.as_manager()

    class Meta:
        verbose_name = "token check"
        default_permissions = ("view",)
        permissions = [("run_checkrun", "Can run token checks")]
        indexes = [
            models.Index(fields=["kind", "subject_id", "-requested_at"], name="run_of_subject"),
            models.Index(fields=["-requested_at", "-id"], name="run_by_time"),
            substring_index("subject_name", name="run_by_substring"),
            models.Index(fields=["requested_at"], name="run_open", condition=Q(state__in=["queued", "running"])),
            models.Index(
                fields=["-finished_at"],
                include=["kind"],
                name="run_by_end",
                condition=Q(state="done", purpose="check"),
            ),
            models.Index(fields=["credential"], name="run_queued_alike", condition=Q(state="queued")),
            models.Index(fields=["requested_at"], name="run_no_history", condition=~Q(purpose="check")),
            models.Index(fields=["round"], name="run_of_round", condition=Q(round__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_id", "purpose"],
                condition=Q(state="queued"),
                name="run_one_queued_per_subject",
            ),
            models.UniqueConstraint(
                fields=["kind", "subject_id", "purpose"],
                condition=Q(state="running"),
                name="run_one_running_per_subject",
            ),
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="running", attempt__gte=ATTEMPTS), name="run_one_last_attempt"
            ),
            CheckConstraint(condition=Q(state__in=State.values), name="run_state_known"),
            CheckConstraint(condition=Q(kind__in=Kind.values), name="run_kind_known"),
            CheckConstraint(condition=Q(purpose__in=Purpose.values), name="run_purpose_known"),
            CheckConstraint(condition=~Q(state="running") | Q(lease_until__isnull=False), name="run_running_has_lease"),
        ]

    def __str__(self) -> str:
        return f"Check of {self.subject_name}"

    def get_absolute_url(self) -> str:
        name = "run" if self.purpose == Purpose.CHECK else "trial"
        return place(f"tokenchecks:{name}", self.pk)

    @classmethod
    def batches(cls, jobs: Collection[Self]) -> list[list[uuid.UUID]]:
        """Return the ids of the runs, those together that are claimed together."""
        groups: dict[Any, list[uuid.UUID]] = {}
        for run in jobs:
            single = not run.shares_token or run.not_before
            key = run.many or run.credential
            groups.setdefault(run.pk if single else (key, run.purpose, run.attempt), []).append(run.pk)
        size = cls.MOST_TOGETHER
        return [group[start : start + size] for group in groups.values() for start in range(0, len(group), size)]

    @property
    def shares_token(self) -> bool:
        """Whether it is claimed together with others, so that one token serves all."""
        return bool(self.credential) and self.purpose in (Purpose.CHECK, Purpose.DRY_RUN)

    @property
    def many(self) -> str:
        """The round it belongs to, or "schedule": nobody watches its stages; "" for a single check."""
        return str(self.round_id or "") or ("" if self.requested_by else "schedule")

    @property
    def is_open(self) -> bool:
        return self.state in (State.QUEUED, State.RUNNING)


class CheckResult(models.Model):
    """How a check ended: the decisive stage in columns, every stage in ``stages``."""

    run = models.OneToOneField(CheckRun, models.CASCADE, primary_key=True, related_name="result")
    kind = models.CharField(max_length=20, choices=Kind)
    subject_id = models.UUIDField()
    at = models.DateTimeField(db_default=Now())
    status = models.CharField(max_length=10, choices=Status)
    stage = models.CharField(max_length=20, blank=True)
    cause = models.CharField(max_length=80, blank=True)
    code = models.CharField(max_length=80, blank=True)
    error_class = models.CharField(max_length=20, blank=True)
    who = models.CharField(max_length=40, blank=True)
    correlation_id = models.CharField(max_length=80, blank=True)
    ms = models.PositiveIntegerField(default=0)
    attempt = models.PositiveSmallIntegerField()
    stages = models.JSONField(default=list)

    objects = CheckResultQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["kind", "subject_id", "-at"], name="result_of_subject"),
            models.Index(fields=["cause"], name="result_by_cause", condition=~Q(cause="")),
            substring_index("code", name="result_by_code", condition=~Q(code="")),
        ]
        constraints = [CheckConstraint(condition=Q(status__in=["ok", "warning", "broken"]), name="result_status_known")]

    def __str__(self) -> str:
        return f"{self.get_status_display()} at {self.at:%Y-%m-%d %H:%M:%S}"
