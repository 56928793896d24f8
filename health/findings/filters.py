"""Search and filters of the findings."""

from typing import Any

import django_filters
from django.db.models import QuerySet

from configurator.console.lists.filters import RecordFilter
from health.findings.catalogue import catalogue
from health.findings.kinds import KINDS
from health.findings.models import Finding
from health.findings.severity import Severity

STATES = (("acknowledged", "Acknowledged"), ("all", "Open and acknowledged"))


class FindingFilter(RecordFilter):
    """Search by object and detail; filter by severity, rule, kind of object, and whether somebody acknowledged it."""

    placeholder = "server, queue, address"
    severity = django_filters.ChoiceFilter(
        label="Severity", choices=Severity.choices, empty_label="Any severity", method="by_severity"
    )
    rule = django_filters.ChoiceFilter(
        label="Rule",
        choices=lambda: sorted(((rule.key, rule.title) for rule in catalogue().values()), key=lambda choice: choice[1]),
        empty_label="Any rule",
    )
    kind = django_filters.ChoiceFilter(
        label="Of", choices=[(key, kind.label) for key, kind in KINDS.items()], empty_label="Anything"
    )
    state = django_filters.ChoiceFilter(label="State", choices=STATES, empty_label="Open", method="by_state")

    class Meta:
        model = Finding
        fields = ["q", "severity", "rule", "kind", "state"]

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the open ones where no state is chosen."""
        found: QuerySet[Any] = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("state") else found.filter(acknowledgement__isnull=True)

    def by_severity(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep those of the severity."""
        return queryset.filter(rank=Severity(value).rank)

    def by_state(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep those that somebody acknowledged, or all."""
        return queryset.filter(acknowledgement__isnull=False) if value == "acknowledged" else queryset
