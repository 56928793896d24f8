"""Search and filters of the incoming servers."""

from typing import Any

import django_filters
from django import forms

from configurator.console.lists.filters import CheckedFilter, EndsFilter, RecordFilter, StatusFilter, TextFilter
from mailsettings.models import AuthenticationType, IncomingServer


class TypeFilter(django_filters.ChoiceFilter):
    """Keep what signs in so."""

    def __init__(self, **kwargs: Any) -> None:
        """Offer both types."""
        told = {"label": "Authentication Type", "choices": AuthenticationType.choices, "empty_label": "Any type"}
        super().__init__(**told | kwargs)


class IncomingServerFilter(RecordFilter):
    """Search by name, address and client ID; filter by status, type, tenant, end of the secret and last check."""

    placeholder = "name, address, client ID, tenant"
    more = ("tenant", "checked")
    status = StatusFilter()
    authentication_type = TypeFilter(widget=forms.Select)
    ends = EndsFilter("secret_expires_on", "secret", label="Secret expires on")
    tenant = TextFilter(label="Tenant ID", field_name="tenant_id", lookup_expr="icontains")
    checked = CheckedFilter()

    class Meta:
        model = IncomingServer
        fields = ["q", "status", "authentication_type", "ends", "tenant", "checked"]
