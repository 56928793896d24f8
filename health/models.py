"""Acknowledgements of findings and warnings."""

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import CheckConstraint, ExpressionWrapper, F, Q
from django.db.models.functions import Now

from health.querysets import AcknowledgementQuerySet

LAST_DAY = ExpressionWrapper(F("acknowledged_at") + timedelta(days=366), output_field=models.DateTimeField())
ERRORS_STAY = "Only a warning can be dismissed: what is broken has to be mended."


class Acknowledgement(models.Model):
    """A finding or a warning that somebody knows of, so that it does not count.

    ``rule`` is the rule of the finding, "" for a warning.  A warning has ``cause``, and that of a secret's end date
    ``band``; it counts again when one of them changes.  ``kind`` and ``subject_id`` name the object, or with the kind
    ``secret`` the alarm of the end date.  ``status`` is that of the warning, or the severity of the finding.

    It ends on the day after ``until``, when it is taken back, or when what it is about passes or changes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    name = models.CharField(max_length=700)
    rule = models.CharField(max_length=40, blank=True)
    cause = models.CharField(max_length=80, blank=True)
    band = models.SmallIntegerField(null=True)
    status = models.CharField(max_length=10)
    reason = models.CharField(max_length=500)
    until = models.DateField(null=True)
    acknowledged_by = models.CharField(max_length=150)
    acknowledged_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)
    taken_back_by = models.CharField(max_length=150, blank=True)

    objects = AcknowledgementQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_id", "rule"],
                condition=Q(ended_at__isnull=True),
                name="acknowledgement_one_open",
            ),
            CheckConstraint(
                condition=~Q(rule="") | Q(status="warning"),
                name="acknowledgement_of_warning",
                violation_error_message=ERRORS_STAY,
            ),
            CheckConstraint(condition=Q(reason__regex=r"\S"), name="acknowledgement_has_reason"),
            CheckConstraint(
                condition=~Q(rule="") | Q(until__isnull=False), name="acknowledgement_of_warning_has_last_day"
            ),
            CheckConstraint(condition=Q(until__lte=LAST_DAY), name="acknowledgement_within_a_year"),
        ]

    def __str__(self) -> str:
        return self.name
