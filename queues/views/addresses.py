"""One address of a queue: saved and deleted by itself, so that the queue's own unsaved fields stay."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404

from configurator.console.objects.delete import DeletePage
from configurator.console.objects.forms import notices_of
from queues import services
from queues.models import Queue, QueueAddress
from queues.views.queues import QueuePage


class AddressSave(QueuePage):
    http_method_names = ["get", "head", "post"]

    @property
    def creates(self) -> bool:
        return "address" not in self.kwargs

    def get(self, request: HttpRequest, **_: Any) -> HttpResponse:
        """Redirect: after a refusal the browser's address bar has this URL."""
        queue = get_object_or_404(self.rows(), pk=self.kwargs["pk"])
        return HttpResponseRedirect(self.address_of(queue).edit_url)

    def post(self, request: HttpRequest, **_: Any) -> HttpResponse:
        queue = get_object_or_404(self.rows(), pk=self.kwargs["pk"])
        if not self.editable(queue):
            return self.handle_no_permission()
        self.address_form = form = self.form_to_fill(self.address_of(queue), request.POST)
        return self.save_sent(form)

    def save(self, form: Any) -> None:
        services.address_save(
            actor=self.actor,
            address=form.instance,
            password=form.cleaned_data["password"],
            version=form.cleaned_data["version"],
        )

    def saved(self, form: Any, record: Any) -> HttpResponse:
        messages.success(self.request, f"{record.address} was saved; a check of it is on its way.")
        for text in notices_of(form):
            messages.info(self.request, text)
        return HttpResponseRedirect(f"{record.queue.get_absolute_url()}#numbers-addresses")

    def created_before(self, form: Any) -> QueueAddress | None:
        """Return the address that the form created when it was sent before, None where it did not."""
        if not self.creates:
            return None
        return QueueAddress.objects.whole().filter(queue=self.kwargs["pk"], pk=form.instance.pk).first()

    def show_again(self, form: Any, *, status: int, **context: Any) -> HttpResponse:
        queue = get_object_or_404(self.rows(), pk=self.kwargs["pk"])
        return self.show(self.form(instance=queue), queue, status=status, **context)

    def address_of(self, queue: Queue) -> QueueAddress:
        if self.creates:
            return self.with_sent_id(QueueAddress(queue=queue))
        return get_object_or_404(QueueAddress.objects.whole(), queue=queue, pk=self.kwargs["address"])


class AddressDelete(DeletePage):
    model = QueueAddress
    list_url = "queues:queue_list"
    right = "queue.modify"

    def get_record(self) -> QueueAddress:
        seen = QueueAddress.objects.visible_to(self.scope()).whole()
        return get_object_or_404(seen, queue=self.kwargs["pk"], pk=self.kwargs["address"])

    def next_url(self, record: QueueAddress) -> str:
        return f"{record.queue.get_absolute_url()}#numbers-addresses"

    def delete(self, record: QueueAddress) -> None:
        services.address_delete(actor=self.actor, address=record, version=record.version)
