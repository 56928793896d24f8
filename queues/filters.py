"""Search and filters of the queues."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest

from configurator.accounts.models import QueueGroup, User
from configurator.console.lists.filters import (
    CheckedFilter,
    DateFilter,
    EnabledFilter,
    EndsFilter,
    RecordFilter,
    StatusFilter,
    TextFilter,
)
from mailsettings.models import IncomingServer
from queues.forms.queue import NO_GROUP
from queues.models import Queue, QueueAddress


def groups_seen(request: HttpRequest | None) -> QuerySet[Any]:
    """Return the queue groups whose queues the user may see; none where there is no user."""
    user = getattr(request, "user", None)
    groups: QuerySet[Any] = QueueGroup.objects.order_by("name")
    return QueueGroup.objects.visible_to(user.scope("queue.view")) if isinstance(user, User) else groups.none()


class QueueFilter(RecordFilter):
    placeholder = "name, description, address"
    more = ("group",)
    status = StatusFilter()
    language = TextFilter(label="Queue Language", lookup_expr="iexact")
    enabled = EnabledFilter()
    group = django_filters.ModelChoiceFilter(
        label="Queue Group",
        queryset=groups_seen,
        empty_label="Any group",
        null_label=NO_GROUP,
    )

    class Meta:
        model = Queue
        fields = ["q", "status", "enabled", "language", "group"]


class SecretFilter(RecordFilter):
    placeholder = "server, client ID, tenant"
    ends = EndsFilter("ends_on", "fingerprint")

    on = DateFilter(field_name="ends_on", widget=forms.HiddenInput)

    class Meta:
        model = IncomingServer
        fields = ["q", "ends", "on"]

    def search(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep the secrets of apps that a server found uses, with all servers that share them."""
        found = IncomingServer.objects.matching(value.strip())
        return queryset.filter(client_id__in=found.values("client_id"))


class StoppedFilter(RecordFilter):
    placeholder = "address, account"
    status = StatusFilter()
    checked = CheckedFilter()

    class Meta:
        model = QueueAddress
        fields = ["q", "status", "checked"]


class AddressesOfQueue(django_filters.FilterSet):
    queue = django_filters.ModelChoiceFilter(queryset=Queue.objects.all(), required=True)

    class Meta:
        model = QueueAddress
        fields = ["queue"]
