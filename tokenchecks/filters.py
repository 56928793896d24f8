"""Search and filters of what is watched, and of single checks."""

from typing import Any, get_args

import django_filters
from django.db.models import QuerySet

from configurator.console.filters import RecordFilter
from configurator.console.status import GRAVITY, Status
from mailsettings.models import IncomingServer
from queues.models import QueueAddress
from tokenchecks.engine.catalogue import Class, Who
from tokenchecks.models import CheckRun, Kind, State, Watch
from tokenchecks.querysets import CheckRunQuerySet, WatchQuerySet


class CheckRunFilter(RecordFilter):
    """Search by subject and code; filter by what came of it, what was checked, and state."""

    placeholder = "server, address, code"
    result__status = django_filters.ChoiceFilter(label="Status", choices=Status.choices[:3], empty_label="Any status")
    kind = django_filters.ChoiceFilter(label="Of", choices=Kind.choices, empty_label="Anything")
    state = django_filters.ChoiceFilter(label="State", choices=State.choices, empty_label="Any state")
    ended = django_filters.ChoiceFilter(
        label="Ended",
        choices=[("hour", "Within an hour"), ("day", "Within a day")],
        empty_label="Whenever",
        method="by_end",
    )

    class Meta:
        model = CheckRun
        fields = ["q", "result__status", "kind", "state", "ended"]

    def by_end(self, queryset: CheckRunQuerySet, _name: str, value: str) -> QuerySet[Any]:
        """Keep those that ended within the period."""
        return queryset.ended_within(value)


class RiskFilter(RecordFilter):
    """Search by address and account; filter by status and server."""

    placeholder = "address, account"
    status = django_filters.ChoiceFilter(label="Status", choices=Status.choices[:4], empty_label="Any status")
    server = django_filters.ModelChoiceFilter(
        label="E-Mail Server",
        queryset=IncomingServer.objects.filter(authentication_type="oauth_user"),
        empty_label="Any server",
    )

    class Meta:
        model = QueueAddress
        fields = ["q", "status", "server"]


def in_words(names: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return the engine's names as choices."""
    return [(name, name.replace("_", " ").capitalize()) for name in names]


class WatchFilter(RecordFilter):
    """Search by name and code; filter by how it stands, what it is, what is wrong and who mends it."""

    placeholder = "server, address, code"
    status = django_filters.ChoiceFilter(
        label="Status", choices=Status.choices[:4], empty_label="Any status", method="by_status"
    )
    kind = django_filters.ChoiceFilter(label="Of", choices=Kind.choices, empty_label="Anything")
    error_class = django_filters.ChoiceFilter(
        label="What is wrong", choices=in_words(get_args(Class)), empty_label="Anything"
    )
    who = django_filters.ChoiceFilter(label="Who mends it", choices=in_words(get_args(Who)), empty_label="Anybody")

    due = django_filters.ChoiceFilter(
        label="Next", choices=[("overdue", "Overdue")], empty_label="Whenever", method="by_due"
    )

    class Meta:
        model = Watch
        fields = ["q", "status", "kind", "error_class", "who", "due"]

    def by_due(self, queryset: WatchQuerySet, _name: str, _value: str) -> QuerySet[Any]:
        """Keep those that should have been checked long ago."""
        return queryset.overdue()

    def by_status(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep those in the state, by the number that they are sorted by."""
        return queryset.filter(rank=GRAVITY.index(Status(value)))
