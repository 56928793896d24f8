"""Search and filters of the incoming servers."""

import django_filters
from django import forms

from configurator.console.filters import RecordFilter
from configurator.console.status import Status
from mailsettings.models import AuthenticationType, IncomingServer


class IncomingServerFilter(RecordFilter):
    """Search by name, address and client ID; filter by status and type."""

    placeholder = "name, address, client ID, tenant"
    status = django_filters.ChoiceFilter(label="Status", choices=Status.choices[:4], empty_label="Any status")
    authentication_type = django_filters.ChoiceFilter(
        label="Authentication Type",
        choices=AuthenticationType.choices,
        empty_label="Any type",
        widget=forms.Select,
    )

    class Meta:
        model = IncomingServer
        fields = ["q", "status", "authentication_type"]
