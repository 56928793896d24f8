"""Search and filters of the queues."""

import django_filters

from configurator.console.filters import RecordFilter
from configurator.console.status import Status
from queues.models import Queue


class QueueFilter(RecordFilter):
    """Search by name, description and address; filter by state and whether the queue is enabled."""

    placeholder = "name, description, address"
    status = django_filters.ChoiceFilter(label="Status", choices=Status.choices[:4], empty_label="Any status")
    enabled = django_filters.ChoiceFilter(
        label="Enabled", choices=[("true", "Enabled"), ("false", "Not enabled")], empty_label="Enabled or not"
    )

    class Meta:
        model = Queue
        fields = ["q", "status", "enabled"]
