"""Search and filters of the alarms."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet

from configurator.accounts.models import User
from configurator.accounts.scope import WHOLE
from configurator.console.lists.filters import DateFilter, RecordFilter
from health.alarms.models import Alarm, Topic
from queues.filters import QueueFilter, StoppedFilter
from tokenchecks.screens.lists.filters import CauseFilter, WatchFilter

STATES = (("open", "Open"), ("closed", "Closed"))


class AlarmFilter(RecordFilter):
    """Search by what an alarm is about; filter by whether it lasts, by topic and by cause."""

    placeholder = "server, address, cause"
    state = django_filters.ChoiceFilter(label="State", choices=STATES, empty_label="Any state", method="by_state")
    topic = django_filters.ChoiceFilter(label="Topic", choices=Topic.choices, empty_label="Any topic")
    cause = CauseFilter()

    class Meta:
        model = Alarm
        fields = ["q", "state", "topic", "cause"]

    def search(self, queryset: Any, _name: str, value: str) -> QuerySet[Any]:
        """Keep those in whose names, as far as the reader may view them, the text is."""
        user = getattr(self.request, "user", None)
        scope = user.scope("alarm.view") if isinstance(user, User) else WHOLE
        found: QuerySet[Any] = queryset.matching(value.strip(), scope)
        return found

    def by_state(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep those that still last, or those that do not."""
        return queryset.filter(closed_at__isnull=value == "open")


def _chosen(form_field: type[django_filters.Filter] = django_filters.CharFilter, **options: Any) -> Any:
    """Return a filter that a link sets, and that a search keeps."""
    return form_field(widget=forms.HiddenInput, **options)


class ProblemFilter(WatchFilter):
    """The filters of what is watched, among what shares a cause."""

    cause = _chosen()
    scope = _chosen()


class ByCause(django_filters.FilterSet):
    """Keeps by what the page was chosen: a cause and what shares it, or the day on which secrets end."""

    cause = _chosen(method="chosen")
    scope = _chosen(method="chosen")
    day = _chosen(DateFilter, method="chosen")

    def chosen(self, queryset: QuerySet[Any], _name: str, _value: Any) -> QuerySet[Any]:
        """Keep all: the page has chosen already."""
        return queryset


class StoppedAddressFilter(ByCause, StoppedFilter):
    """The filters of addresses, among those that stop."""


class StoppedQueueFilter(ByCause, QueueFilter):
    """The filters of queues, among those that stop."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask for no queue group, since its choices would have to be read too."""
        super().__init__(*args, **kwargs)
        del self.form.fields["group"]
