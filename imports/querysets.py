"""Reads and claims of imports."""

from collections.abc import Collection
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

if TYPE_CHECKING:
    from imports.models import Import


class ImportQuerySet(models.QuerySet["Import"]):
    """The questions asked of imports; the database's clock decides about leases."""

    def of_kinds(self, kinds: Collection[str]) -> Self:
        """Return the imports of these kinds, newest first."""
        return self.filter(kind__in=kinds)

    def claim(self, state: str, into: str, *, lease: timedelta) -> int:
        """Move what is in the state into the other under a lease; return how many that were."""
        return self.filter(state=state).update(
            state=into, fence=F("fence") + 1, attempt=F("attempt") + 1, done=0, said="", lease_until=Now() + lease
        )

    def mine(self, claimed: "Import") -> Self:
        """Return the import while the claim that ``claimed`` was made under still holds."""
        return self.filter(pk=claimed.pk, fence=claimed.fence, state=claimed.state)

    def lapsed(self) -> Self:
        """Return the imports whose worker let the lease run out."""
        return self.filter(state__in=["reading", "checking", "applying"], lease_until__lt=Now())

    def unheard(self, *, after: timedelta) -> Self:
        """Return those that wait and were not rung for, or rung for ``after`` ago without an answer."""
        waiting: Any = Q(state__in=["received", "waiting", "queued"])
        return self.filter(waiting, Q(rung_at__isnull=True) | Q(rung_at__lt=Now() - after))
