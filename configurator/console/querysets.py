"""Queries of saved views."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from configurator.accounts.models import User

if TYPE_CHECKING:
    from configurator.console.models import SavedView  # noqa: F401  the type of the rows


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def seen_by(self, user: User, list_name: str) -> Self:
        """Return the user's own views of the list, the one without a name among them, and shared ones.

        A user who is limited to queue groups sees his own alone, since a name or a search may name other queues.
        """
        shared = Q(shared=True) if user.scope("queue.view").is_whole else Q()
        mine_or_shared = self.filter(Q(owner=user) | shared, list=list_name)
        return mine_or_shared.select_related("owner").order_by("name", "pk")
