"""What is watched, and its past: one row per subject, and one per time in one status."""

from django.db import models
from django.db.models import CheckConstraint, Q

from configurator.db.trigram import substring_index
from configurator.links import place
from configurator.status import Status, gravity
from tokenchecks.models.querysets import SpanQuerySet, WatchQuerySet
from tokenchecks.models.runs import Kind


class StatusColumns(models.Model):
    """A status and its cause, as shown: the first failure of a kind that may pass is only a warning."""

    kind = models.CharField(max_length=20, choices=Kind)
    subject_id = models.UUIDField()
    status = models.CharField(max_length=10, choices=Status, default=Status.UNCHECKED)
    cause = models.CharField(max_length=80, blank=True)
    code = models.CharField(max_length=80, blank=True)
    error_class = models.CharField(max_length=20, blank=True)
    who = models.CharField(max_length=40, blank=True)
    since = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class Watch(StatusColumns):
    """A server or address that is checked again and again: its status now, and when it is due next.

    ``scope`` names what shares its cause, as the check that found it saw it: a credential, a server, or "" for all.
    ``home`` and ``server`` are the queue and the server of an address, so that what stops is counted without a join.
    ``since`` is when the present status with the present cause began, ``bad_samples`` how many checks in a row found it
    broken, ``due_at`` None while it is not checked by itself, and ``spread`` a factor of the time between two checks:
    the same for all that share a credential, so that they stay together, and another for each credential.
    """

    name = models.CharField(max_length=660)
    credential = models.CharField(max_length=32)
    client_id = models.CharField(max_length=36, blank=True)
    scope = models.CharField(max_length=60, blank=True)
    home = models.UUIDField(null=True)
    server = models.UUIDField(null=True)
    spread = models.FloatField(default=1.0)
    due_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    last_good_at = models.DateTimeField(null=True)
    bad_samples = models.PositiveIntegerField(default=0)
    # Kept by the database, so that the worst come first off an index.
    rank = models.GeneratedField(expression=gravity(), output_field=models.SmallIntegerField(), db_persist=True)
    span = models.OneToOneField("tokenchecks.Span", models.SET_NULL, null=True, related_name="watch")

    objects = WatchQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["due_at"], name="watch_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=["credential", "due_at"], name="watch_of_credential"),
            models.Index(fields=["status", "-since"], include=["kind"], name="watch_by_status"),
            models.Index(fields=["rank", "-since", "id"], name="watch_worst_first"),
            # Covers what the start page queries of what is in trouble, so that it reads no row of the table.
            models.Index(
                fields=["rank", "cause", "scope"],
                include=["kind", "since", "subject_id", "status", "home", "server"],
                name="watch_troubles",
                condition=Q(due_at__isnull=False, status__in=["broken", "warning"]),
            ),
            models.Index(fields=["name", "id"], name="watch_by_name"),
            models.Index(fields=["cause", "rank", "-since", "id"], name="watch_by_cause", condition=~Q(cause="")),
            substring_index("name", "code", name="watch_by_substring"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject_id"], name="watch_one_per_subject"),
            CheckConstraint(condition=Q(kind__in=Kind.values), name="watch_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return place("tokenchecks:history", self.kind, self.subject_id)


class Span(StatusColumns):
    """A time in which every check of a subject found the same: what a timeline is drawn from.

    It reaches from ``since`` to ``until``, the last of its ``samples``, and stays when the single results are deleted.
    An old one may cover a day in which it came and went: ``lasted`` then says how long it was in all.
    """

    until = models.DateTimeField()
    samples = models.PositiveIntegerField(default=1)
    lasted = models.DurationField(null=True)

    objects = SpanQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["kind", "subject_id", "-since"], name="span_of_subject"),
            models.Index(fields=["until"], name="span_by_end"),
        ]

    def __str__(self) -> str:
        return f"{self.get_status_display()} from {self.since:%Y-%m-%d %H:%M:%S}"
