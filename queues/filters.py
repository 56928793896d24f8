"""Search and filters of the queues."""

from datetime import timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from configurator.console.filters import RecordFilter
from configurator.console.status import Status
from mailsettings.models import IncomingServer
from queues.models import Queue, QueueAddress


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


class SecretFilter(RecordFilter):
    """Search by server and client ID; filter by when the secret ends."""

    placeholder = "server, client ID, tenant"
    ends = django_filters.ChoiceFilter(
        label="Ends",
        method="by_end",
        empty_label="Whenever",
        choices=[
            ("0", "Ended"),
            ("7", "Within 7 days"),
            ("30", "Within 30 days"),
            ("60", "Within 60 days"),
            ("unknown", "No date entered"),
        ],
    )

    on = django_filters.DateFilter(field_name="ends_on", widget=forms.HiddenInput)

    class Meta:
        model = IncomingServer
        fields = ["q", "ends", "on"]

    def search(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep the secrets of apps that a server found uses, with all servers that share them."""
        found = IncomingServer.objects.matching(value.strip())
        return queryset.filter(client_id__in=found.values("client_id"))

    def by_end(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep the secrets that end by then."""
        if value == "unknown":
            return queryset.filter(fingerprint__isnull=False, ends_on__isnull=True)
        return queryset.filter(ends_on__lt=timezone.localdate() + timedelta(days=int(value)))


class StoppedFilter(RecordFilter):
    """Search by address; filter by state."""

    placeholder = "address, account"
    status = django_filters.ChoiceFilter(label="Status", choices=Status.choices[:4], empty_label="Any status")

    class Meta:
        model = QueueAddress
        fields = ["q", "status"]
