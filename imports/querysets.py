"""Reads of imports."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Self

from configurator.jobs.models import JobQuerySet

if TYPE_CHECKING:
    from imports.models import Import  # noqa: F401  the type of the rows


class ImportQuerySet(JobQuerySet["Import"]):
    def of_kinds(self, kinds: Collection[str]) -> Self:
        return self.filter(kind__in=kinds)
