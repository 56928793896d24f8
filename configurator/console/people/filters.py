"""Search and filters of the users and of the queue groups."""

from typing import Any

import django_filters
from django.db.models import QuerySet

from configurator.accounts.models import QueueGroup, Role, User
from configurator.console.lists.filters import RecordFilter

ACTIVE = (("True", "Active"), ("False", "Not active"))


class UserFilter(RecordFilter):
    placeholder = "user name, name, e-mail"
    role = django_filters.ModelChoiceFilter(
        label="Role", queryset=Role.objects.order_by("name"), method="by_role", empty_label="Any role"
    )
    is_active = django_filters.ChoiceFilter(label="Active", choices=ACTIVE, empty_label="Active or not")

    class Meta:
        model = User
        fields = ["q", "role", "is_active"]

    def by_role(self, queryset: Any, _name: str, value: Role) -> QuerySet[Any]:
        found: QuerySet[Any] = queryset.with_role(value)
        return found


class QueueGroupFilter(RecordFilter):
    placeholder = "name"

    class Meta:
        model = QueueGroup
        fields = ["q"]
