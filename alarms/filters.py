"""Search and filters of the alarms."""

from typing import Any

import django_filters
from django.db.models import QuerySet

from alarms.models import Alarm, Topic
from configurator.console.filters import RecordFilter

STATES = (("open", "Open"), ("closed", "Closed"))


class AlarmFilter(RecordFilter):
    """Search by what an alarm is about; filter by whether it lasts and by topic."""

    placeholder = "server, address, cause"
    state = django_filters.ChoiceFilter(label="State", choices=STATES, empty_label="Any state", method="by_state")
    topic = django_filters.ChoiceFilter(label="Topic", choices=Topic.choices, empty_label="Any topic")

    class Meta:
        model = Alarm
        fields = ["q", "state", "topic"]

    def by_state(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep those that still last, or those that do not."""
        return queryset.filter(closed_at__isnull=value == "open")
