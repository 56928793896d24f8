"""What was found, and when was looked."""

import uuid

from django.db import models
from django.db.models import CheckConstraint, Q
from django.db.models.functions import Now

from configurator.db.trigram import substring_index
from health.findings.catalogue import Rule, catalogue
from health.findings.kinds import KINDS, url_of
from health.findings.querysets import FindingQuerySet
from health.findings.severity import Severity
from health.models import Acknowledgement

OPEN = Q(acknowledgement__isnull=True)


class Finding(models.Model):
    """An object for which a rule holds.

    The row goes when the rule holds no longer, which ends its acknowledgement: what comes back is open again.
    ``home`` is the queue of an address, ``rank`` the severity of the rule.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rule = models.CharField(max_length=40)
    rank = models.SmallIntegerField()
    kind = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    home = models.UUIDField(null=True)
    name = models.CharField(max_length=660)
    detail = models.CharField(max_length=300, blank=True)
    found_at = models.DateTimeField(db_default=Now())
    acknowledgement = models.OneToOneField(Acknowledgement, models.SET_NULL, null=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["rank", "rule", "name", "id"], name="finding_worst_first", condition=OPEN),
            models.Index(fields=["name", "rank", "id"], name="finding_by_name", condition=OPEN),
            models.Index(fields=["found_at", "id"], name="finding_by_age", condition=OPEN),
            models.Index(fields=["rule", "name", "id"], name="finding_of_rule"),
            substring_index("name", "detail", name="finding_by_substring"),
            models.Index(fields=["subject_id"], name="finding_of_subject"),
            models.Index(fields=["home"], name="finding_of_home", condition=Q(home__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["rule", "subject_id"], name="finding_once_per_rule"),
            CheckConstraint(condition=Q(kind__in=list(KINDS)), name="finding_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.about.title}"

    def get_absolute_url(self) -> str:
        return url_of(self.kind, self.subject_id, self.home)

    @property
    def about(self) -> Rule:
        """The rule in words."""
        return catalogue()[self.rule]

    @property
    def severity(self) -> Severity:
        """How grave it is."""
        return Severity.ranked(self.rank)


class Look(models.Model):
    """When all rules were last applied, and how long that took: one row."""

    SINGLE = 1

    at = models.DateTimeField()
    ms = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [CheckConstraint(condition=Q(id=1), name="look_is_one_record")]

    def __str__(self) -> str:
        return f"Looked at {self.at:%Y-%m-%d %H:%M:%S}"
