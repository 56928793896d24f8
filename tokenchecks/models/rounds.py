"""Rounds: many checks that are requested, followed and cancelled as one."""

import uuid

from django.db import models
from django.db.models.functions import Now
from django.urls import reverse


class CheckRound(models.Model):
    """A person's request to check everything, or many; its runs point to it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    requested_at = models.DateTimeField(db_default=Now())
    requested_by = models.CharField(max_length=150)
    total = models.PositiveIntegerField(default=0)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.CharField(max_length=150, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["-requested_at"]

    def __str__(self) -> str:
        return f"Check of {self.total} by {self.requested_by}"

    def get_absolute_url(self) -> str:
        return reverse("tokenchecks:round", args=[self.pk])
