"""The five states of what is checked, each with a shape besides its word."""

from django.db import models
from django.db.models import Case, Value, When


class Status(models.TextChoices):
    """What the last check found; the word is the label, the shape is ``Status.shape``."""

    OK = "ok", "OK"
    WARNING = "warning", "Warning"
    BROKEN = "broken", "Broken"
    UNCHECKED = "unchecked", "Not checked"
    CHECKING = "checking", "Checking"

    @property
    def shape(self) -> str:
        """The mark that tells the status apart without colour."""
        return {"ok": "✓", "warning": "▲", "broken": "✕", "unchecked": "○", "checking": "◔"}[self.value]


# The worst first.
GRAVITY = (Status.BROKEN, Status.WARNING, Status.UNCHECKED, Status.OK)


def gravity() -> Case:
    """Return the column ``status`` as a number that sorts the worst first."""
    ranks = [When(status=status.value, then=Value(rank)) for rank, status in enumerate(GRAVITY)]
    return Case(*ranks, default=Value(len(GRAVITY)), output_field=models.SmallIntegerField())


class Checked(models.Model):
    """Columns that hold the outcome of the last check of a row, written by the check alone.

    They are on the checked row, so that a list of a hundred thousand is filtered by an index and needs no join.
    """

    status = models.CharField(max_length=10, choices=Status, default=Status.UNCHECKED, editable=False)
    status_since = models.DateTimeField(null=True, blank=True, editable=False)
    status_summary = models.CharField(max_length=200, blank=True, editable=False)
    checked_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True
