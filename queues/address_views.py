"""One address of a queue: saved and deleted by itself, so that the queue's own unsaved fields stay."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404

from configurator.console.deleting import DeletePage
from configurator.console.forms import notices_of
from configurator.console.records import StaleVersion
from queues import services
from queues.models import Queue, QueueAddress
from queues.views import QueuePage


class AddressSave(QueuePage):
    """Save one address of a queue; opened without anything to save, it leads to the address's form."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, **_: Any) -> HttpResponse:
        """Lead back: after a refusal this address stands in the browser's bar."""
        queue = get_object_or_404(self.rows(), pk=self.kwargs["pk"])
        return HttpResponseRedirect(self.address_of(queue).edit_url)

    def post(self, request: HttpRequest, **_: Any) -> HttpResponse:
        """Save the address, or show the queue page with the messages in the block."""
        queue = get_object_or_404(self.rows(), pk=self.kwargs["pk"])
        if not self.editable(queue):
            return self.handle_no_permission()
        self.address_form = form = self.form_to_fill(self.address_of(queue), request.POST)
        if not form.is_valid():
            return self.show_queue(queue, status=422)
        try:
            services.address_save(
                actor=self.actor,
                address=form.instance,
                password=form.cleaned_data["password"],
                version=form.cleaned_data["version"],
            )
        except StaleVersion as stale:
            return self.show_queue(queue, status=409, **self.conflict(form, stale.stored))
        except ValidationError as error:
            form.add_error(None, error)
            return self.show_queue(queue, status=422)
        messages.success(request, f"{form.instance.address} was saved; a check of it is on its way.")
        for text in notices_of(form):
            messages.info(request, text)
        return HttpResponseRedirect(f"{queue.get_absolute_url()}#numbers-addresses")

    def address_of(self, queue: Queue) -> QueueAddress:
        """Return the address of the URL, or a new one."""
        if "address" not in self.kwargs:
            return QueueAddress(queue=queue)
        return get_object_or_404(QueueAddress.objects.whole(), queue=queue, pk=self.kwargs["address"])

    def show_queue(self, queue: Queue, *, status: int, **context: Any) -> HttpResponse:
        """Render the whole queue page around the address form."""
        return self.show(self.form(instance=queue), queue, status=status, **context)


class AddressDelete(DeletePage):
    """Delete one address of a queue."""

    model = QueueAddress
    list_url = "queues:queue_list"
    right = "queue.modify"

    def get_record(self) -> QueueAddress:
        """Return the address of that queue, 404 when there is none."""
        seen = QueueAddress.objects.visible_to(self.scope()).whole()
        return get_object_or_404(seen, queue=self.kwargs["pk"], pk=self.kwargs["address"])

    def next_url(self, record: QueueAddress) -> str:
        """Return to the queue."""
        return f"{record.queue.get_absolute_url()}#numbers-addresses"

    def delete(self, record: QueueAddress) -> None:
        """Delete the address."""
        services.address_delete(actor=self.actor, address=record, version=record.version)
