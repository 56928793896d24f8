"""Search and filters of the incoming servers."""

from typing import Any

import django_filters
from django import forms

from configurator.console.lists.filters import CheckedFilter, EndsFilter, RecordFilter, StatusFilter, TextFilter
from mailsettings.models import AuthenticationType, IncomingServer


class TypeFilter(django_filters.ChoiceFilter):
    def __init__(self, **kwargs: Any) -> None:
        options = {"label": "Authentication Type", "choices": AuthenticationType.choices, "empty_label": "Any type"}
        super().__init__(**options | kwargs)


class IncomingServerFilter(RecordFilter):
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
