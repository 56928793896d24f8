"""Alarms: one row a cause and what shares it, open until nothing is stopped by it any more."""

import uuid
from datetime import timedelta
from typing import Final

from django.db import models
from django.db.models import CheckConstraint, Q
from django.db.models.functions import Now
from django.utils import timezone

from configurator.links import place
from health.alarms.querysets import AlarmQuerySet, AlarmSubjectQuerySet
from mailsettings.models import days_until
from tokenchecks.models import Kind

ENDING: Final = "secret"  # the kind of an acknowledgement of a secret's end date, whose subject is an alarm


class Topic(models.TextChoices):
    """What an alarm is about."""

    BROKEN = "broken", "Broken"
    EXPIRY = "expiry", "Secret ends"
    SILENCE = "silence", "Checks stand still"
    TEST = "test", "Test"


class Left(models.TextChoices):
    """Why a subject no longer belongs to an open alarm."""

    RECOVERED = "recovered", "Recovered"
    CHANGED = "changed", "Broken by another cause now"
    UNWATCHED = "unwatched", "No longer checked"


class Alarm(models.Model):
    """Something that broke, or a secret that ends: what, since when, and what stops with it.

    At most one is open for a cause and its ``scope``, which says what shares the cause: a credential, a server, an
    address, or "" for all.  ``succeeded_by`` is the alarm that took over when the cause became another one.  Of a
    secret's end date ``band`` is the narrowest that had a notice, and ``ends_on`` the date now.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    topic = models.CharField(max_length=10, choices=Topic)
    cause = models.CharField(max_length=80, blank=True)
    scope = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=700)
    kind = models.CharField(max_length=20, choices=Kind, blank=True)
    error_class = models.CharField(max_length=20, blank=True)
    client_id = models.CharField(max_length=36, blank=True)
    since = models.DateTimeField()
    last_good_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True)
    succeeded_by = models.ForeignKey("self", models.SET_NULL, null=True, related_name="predecessors")
    ends_on = models.DateField(null=True)
    band = models.SmallIntegerField(null=True)
    stops = models.CharField(max_length=100, blank=True)
    detail = models.CharField(max_length=200, blank=True)

    objects = AlarmQuerySet.as_manager()

    class Meta:
        default_permissions = ("view", "change")
        indexes = [models.Index(fields=["-opened_at"], name="alarm_by_time")]
        constraints = [
            models.UniqueConstraint(
                fields=["topic", "cause", "scope"], condition=Q(closed_at__isnull=True), name="alarm_one_open"
            ),
            CheckConstraint(condition=Q(topic__in=Topic.values), name="alarm_topic_known"),
            CheckConstraint(
                condition=~Q(topic="expiry") | Q(ends_on__isnull=False, band__isnull=False),
                name="alarm_expiry_has_date",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return place("alarms:alarm", self.pk)

    @property
    def is_open(self) -> bool:
        """Whether it still lasts."""
        return self.closed_at is None

    @property
    def lasted(self) -> timedelta:
        """How long it lasted, or has lasted by now."""
        return (self.closed_at or timezone.now()) - self.since

    @property
    def days_left(self) -> int | None:
        """Days until the secret ends, negative when it has; None for what has no such date."""
        return days_until(self.ends_on)


class AlarmSubject(models.Model):
    """A server or address that an alarm is about; it stays when it has recovered, so that the last word names all."""

    alarm = models.ForeignKey(Alarm, models.CASCADE, related_name="subjects")
    kind = models.CharField(max_length=20, choices=Kind)
    subject_id = models.UUIDField()
    name = models.CharField(max_length=660)
    joined_at = models.DateTimeField(db_default=Now())
    left_at = models.DateTimeField(null=True)
    left = models.CharField(max_length=10, choices=Left, blank=True)

    objects = AlarmSubjectQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["alarm", "name"], name="subject_of_alarm"),
            models.Index(fields=["subject_id"], name="subject_present", condition=Q(left_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["alarm", "kind", "subject_id"], name="subject_once_in_alarm"),
            CheckConstraint(condition=Q(left_at__isnull=True, left="") | Q(left_at__isnull=False), name="subject_left"),
        ]

    def __str__(self) -> str:
        return self.name
