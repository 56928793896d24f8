"""Search and filters of the queues."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from configurator.console.filters import RecordFilter
from configurator.console.status import Status
from queues.models import Queue
from queues.querysets import SEVERITY


class QueueFilter(RecordFilter):
    """Search by name, description and address; filter by state and whether the queue is enabled."""

    placeholder = "name, description, address"
    status = django_filters.ChoiceFilter(
        label="Status", choices=Status.choices[:4], empty_label="Any status", method="by_state"
    )
    enabled = django_filters.ChoiceFilter(
        label="Enabled", choices=[("true", "Enabled"), ("false", "Not enabled")], empty_label="Enabled or not"
    )

    class Meta:
        model = Queue
        fields = ["q", "status", "enabled"]

    def by_state(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep the queues whose worst address is in that state; a queue without an address is not checked."""
        if value == Status.UNCHECKED:
            return queryset.filter(Q(severity=SEVERITY[Status.UNCHECKED]) | Q(severity__isnull=True))
        return queryset.filter(severity=SEVERITY[Status(value)])
