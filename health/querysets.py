"""Reads of acknowledgements."""

import uuid
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

if TYPE_CHECKING:
    from health.models import Acknowledgement  # noqa: F401  the type of the rows


class AcknowledgementQuerySet(models.QuerySet["Acknowledgement"]):
    """Reads of acknowledgements."""

    def open(self) -> Self:
        """Return those that have not ended."""
        return self.filter(ended_at__isnull=True)

    def active(self) -> Self:
        """Return those that hold today."""
        return self.open().filter(Q(until__isnull=True) | Q(until__gte=timezone.localdate()))

    def of_findings(self) -> Self:
        """Return those of findings."""
        return self.exclude(rule="")

    def of_warnings(self) -> Self:
        """Return those of warnings."""
        return self.filter(rule="")

    def of(self, kind: str, subject_id: uuid.UUID, rule: str = "") -> Self:
        """Return those of the warning of an object, or of the finding of a rule about it."""
        return self.filter(kind=kind, subject_id=subject_id, rule=rule)
