"""Reads of findings."""

import uuid
from collections.abc import Collection
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from configurator.console.substrings import holding
from findings.kinds import KINDS

if TYPE_CHECKING:
    from findings.models import Finding  # noqa: F401  the type of the rows


class FindingQuerySet(models.QuerySet["Finding"]):
    """The questions asked of findings."""

    def matching(self, text: str) -> Self:
        """Return those whose object's name or whose detail holds the text."""
        return self.filter(holding(text, "name", "detail"))

    def open(self) -> Self:
        """Return those that nobody has acknowledged."""
        return self.filter(acknowledged_at__isnull=True)

    def of_kinds(self, kinds: Collection[str]) -> Self:
        """Return those about objects of these kinds; all kinds are not asked for, so that an index can count."""
        return self if set(kinds) >= KINDS.keys() else self.filter(kind__in=kinds)

    def on_page(self, subject_id: uuid.UUID) -> Self:
        """Return those that the page of the object shows: its own, and those of the addresses on it."""
        return self.filter(Q(subject_id=subject_id) | Q(home=subject_id))

    def worst_first(self) -> Self:
        """Sort by severity, then by rule and name."""
        return self.order_by("rank", "rule", "name", "id")
