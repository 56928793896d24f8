"""Reads of findings."""

import uuid
from collections.abc import Collection
from typing import TYPE_CHECKING, Final, Self

from django.db import models
from django.db.models import Q

from configurator.accounts.models import User
from configurator.accounts.scope import Scope
from configurator.db.capped_count import numbers
from configurator.db.trigram import holding
from health.findings.kinds import KINDS, kinds_for
from health.findings.severity import Severity
from queues.models import Queue
from queues.querysets import seen_subjects

if TYPE_CHECKING:
    from health.findings.models import Finding  # noqa: F401  the type of the rows


# Rules that hold queues or addresses against each other.
AGAINST_EACH_OTHER: Final = ("address_twice", "address_account_twice", "queue_name_twice")


class FindingQuerySet(models.QuerySet["Finding"]):
    """Reads of findings."""

    def visible_to(self, scope: Scope) -> Self:
        """Return those of servers, and of queues within the scope and their addresses.

        Those of AGAINST_EACH_OTHER tell of other queues too, and are left out where there is a limit.
        """
        if scope.is_whole:
            return self
        queues = Queue.objects.visible_to(scope).order_by().values("pk")
        own = ~Q(kind="queue") | Q(subject_id__in=queues)
        return self.filter(own, seen_subjects(scope)).exclude(rule__in=AGAINST_EACH_OTHER)

    def seen_by(self, user: User) -> Self:
        """Return those of the kinds of objects, and of the queues, that the user may view."""
        return self.visible_to(user.scope("queue.view")).of_kinds(kinds_for(user))

    def totals(self) -> dict[Severity, int]:
        """Return how many are of each severity that occurs, 1,001 for more; in one query."""
        found = numbers({severity: self.filter(rank=severity.rank) for severity in Severity})
        return {severity: found[severity] for severity in Severity if found[severity]}

    def matching(self, text: str) -> Self:
        """Return those whose object's name or whose detail holds the text."""
        return self.filter(holding(text, "name", "detail"))

    def open(self) -> Self:
        """Return those that nobody has acknowledged."""
        return self.filter(acknowledgement__isnull=True)

    def of_kinds(self, kinds: Collection[str]) -> Self:
        """Return those about objects of these kinds; all kinds are not filtered by, so that an index can count."""
        return self if set(kinds) >= KINDS.keys() else self.filter(kind__in=kinds)

    def on_page(self, subject_id: uuid.UUID) -> Self:
        """Return those that the page of the object shows: its own, and those of the addresses on it."""
        return self.filter(Q(subject_id=subject_id) | Q(home=subject_id))

    def worst_first(self) -> Self:
        """Sort by severity, then by rule and name."""
        return self.order_by("rank", "rule", "name", "id")
