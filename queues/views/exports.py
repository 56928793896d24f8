"""Exports of the addresses of one queue, or of all queues that the list's filters match."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.views.generic import View

from configurator.console.exports.views import Exports, Filters
from configurator.console.objects.views import RightRequired
from queues.exports import ADDRESS_EXPORT
from queues.filters import QueueFilter
from queues.models import Queue, QueueAddress


class AddressesOfQueuesFilter(QueueFilter):
    """The filters of the queues; they match the addresses of the queues found."""

    @property
    def qs(self) -> QuerySet[Any]:
        found = super().qs.order_by().values("pk")
        return QueueAddress.objects.filter(queue__in=found).order_by("queue__name", "queue_id", "address_key")


class AddressesExport(Exports, RightRequired, View):
    right = "queue.view"
    export = ADDRESS_EXPORT

    def get(self, request: HttpRequest, **_: Any) -> StreamingHttpResponse:
        return self.download(request.GET.get("format", "csv"))

    def export_name(self) -> str:
        return "Addresses"

    def selected(self) -> Filters:
        filters: Filters = AddressesOfQueuesFilter(self.request.GET, queryset=self.queues(), request=self.request)
        return filters

    def queues(self) -> QuerySet[Queue]:
        return Queue.objects.visible_to(self.scope())


class QueueAddressesExport(AddressesExport):
    def queues(self) -> QuerySet[Queue]:
        return Queue.objects.filter(pk=self.queue().pk)

    def export_name(self) -> str:
        return f"Addresses of {self.queue()}"

    def queue(self) -> Queue:
        return get_object_or_404(Queue.objects.visible_to(self.scope()), pk=self.kwargs["pk"])
