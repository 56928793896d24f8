"""Warnings that somebody has dismissed, with a reason and an end date."""

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import CheckConstraint, ExpressionWrapper, F, Q
from django.db.models.functions import Now

from health.alarms.querysets import DismissalQuerySet

LAST_DAY = ExpressionWrapper(F("dismissed_at") + timedelta(days=366), output_field=models.DateTimeField())
ALREADY = "This warning is dismissed already."
ERRORS_STAY = "Only a warning can be dismissed: what is broken has to be mended."


class Dismissal(models.Model):
    """A warning that counts no more until its date, its cause changes, or somebody takes it back.

    It is about a subject that is checked, or with the kind ``secret`` about the alarm of a secret's end date, where it
    holds for its ``band`` alone.  ``status`` is what was dismissed: the database takes no other than a warning.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    name = models.CharField(max_length=660)
    status = models.CharField(max_length=10)
    cause = models.CharField(max_length=80)
    band = models.SmallIntegerField(null=True)
    reason = models.CharField(max_length=500)
    until = models.DateField()
    dismissed_by = models.CharField(max_length=150)
    dismissed_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)
    taken_back_by = models.CharField(max_length=150, blank=True)

    objects = DismissalQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_id"],
                condition=Q(ended_at__isnull=True),
                name="dismissal_one_open",
                violation_error_message=ALREADY,
            ),
            CheckConstraint(
                condition=Q(status="warning"), name="dismissal_of_warning", violation_error_message=ERRORS_STAY
            ),
            CheckConstraint(condition=Q(reason__regex=r"\S"), name="dismissal_has_reason"),
            CheckConstraint(
                condition=Q(until__lte=LAST_DAY),
                name="dismissal_within_a_year",
            ),
        ]

    def __str__(self) -> str:
        return self.name
