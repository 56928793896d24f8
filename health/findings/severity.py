"""How grave a finding is, with the shape shown before its word."""

from django.db import models


class Severity(models.TextChoices):
    """The word is the label, the shape is ``Severity.shape``; the worst comes first."""

    ERROR = "error", "Error"
    WARNING = "warning", "Warning"
    ADVICE = "advice", "Advice"

    @property
    def shape(self) -> str:
        """The mark that tells the severity apart without colour."""
        return {"error": "✕", "warning": "▲", "advice": "◆"}[self.value]

    @property
    def rank(self) -> int:
        """The number that sorts the worst first."""
        return RANKED.index(self)

    @classmethod
    def ranked(cls, rank: int) -> "Severity":
        """Return the severity of that rank."""
        return RANKED[rank]


RANKED = tuple(Severity)
