"""Addresses taken away: those of one queue, or those of all queues that the list's filters let pass."""

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
    """The filters of the queues; what they let pass are the addresses of the queues found."""

    @property
    def qs(self) -> QuerySet[Any]:
        """The addresses, queue by queue."""
        found = super().qs.order_by().values("pk")
        return QueueAddress.objects.filter(queue__in=found).order_by("queue__name", "queue_id", "address_key")


class AddressesExport(Exports, RightRequired, View):
    """The addresses of the queues found."""

    right = "queue.view"
    export = ADDRESS_EXPORT

    def get(self, request: HttpRequest, **_: Any) -> StreamingHttpResponse:
        """Send the file, as CSV unless another format is asked for."""
        return self.download(request.GET.get("format", "csv"))

    def export_name(self) -> str:
        """Return what is taken away."""
        return "Addresses"

    def selected(self) -> Filters:
        """Return the addresses."""
        filters: Filters = AddressesOfQueuesFilter(self.request.GET, queryset=self.queues(), request=self.request)
        return filters

    def queues(self) -> QuerySet[Queue]:
        """Return the queues that are asked about."""
        return Queue.objects.visible_to(self.scope())


class QueueAddressesExport(AddressesExport):
    """The addresses of one queue."""

    def queues(self) -> QuerySet[Queue]:
        """Return the queue of the URL, 404 when there is none."""
        return Queue.objects.filter(pk=self.queue().pk)

    def export_name(self) -> str:
        """Return whose addresses they are."""
        return f"Addresses of {self.queue()}"

    def queue(self) -> Queue:
        """Return the queue."""
        return get_object_or_404(Queue.objects.visible_to(self.scope()), pk=self.kwargs["pk"])
