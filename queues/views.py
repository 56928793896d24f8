"""The screens under Queue Management."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404

from configurator.accounts.rights import permission
from configurator.accounts.roles import roles_with
from configurator.console.copying import CopyPage, copied
from configurator.console.deleting import DeletePage
from configurator.console.lists import RecordList
from configurator.console.records import StaleVersion
from configurator.console.status import Status
from configurator.console.views import RecordPage
from queues import services
from queues.filters import QueueFilter
from queues.forms import AddressForm, QueueForm
from queues.lists import queue_totals
from queues.models import Queue, QueueAddress
from queues.tables import QueueTable

CONTACT_MANAGEMENT = ("priority", "queue_size", "pick_timeout_ms")
EMAIL_SETTINGS = next(block.fields for block in QueueForm.blocks if block.title == "E-Mail Settings")


class QueueList(RecordList):
    """Queues."""

    model = Queue
    table_class = QueueTable
    filterset_class = QueueFilter
    list_url, create_url = "queues:queue_list", "queues:queue_new"
    right = "queue.view"
    empty = ("No e-mail queue yet. Add one, then give it the address of its mailbox.", "Add New")

    def get_queryset(self) -> QuerySet[Queue]:
        """Return the queues with their worst address state."""
        return Queue.objects.with_state().order_by("name", "id")

    def totals(self) -> list[tuple[Status, int]]:
        """Return the number of queues in each state."""
        return queue_totals()


class QueuePage(RecordPage):
    """One queue, with its addresses in the block Numbers/Addresses."""

    model = Queue
    form_class = QueueForm
    template_name = "queues/queue.html"
    list_url = "queues:queue_list"
    right = "queue.view"
    saved_message = "The queue was saved."
    address_form: AddressForm | None = None

    def get_initial(self) -> dict[str, Any]:
        """Start from the queue that is being copied."""
        parts = {
            "contact": CONTACT_MANAGEMENT,
            "email": EMAIL_SETTINGS,
            "basics": ("description", "language", "enabled"),
        }
        return copied(Queue, self.request.GET, parts)

    def save(self, form: QueueForm) -> None:
        """Save the queue."""
        services.queue_save(actor=self.actor, queue=form.instance, version=form.cleaned_data["version"])

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Add the addresses, the one being edited, and who may do what with the queue."""
        queue: Queue = context["object"]
        addresses = [] if context["adding"] else list(queue.addresses.whole())
        if context["editable"] and self.address_form is None:
            self.address_form = self.asked_for(queue)
        return super().get_context_data(**context) | {
            "addresses": addresses,
            "address_form": self.address_form,
            "viewers": roles_with(permission("queue.view")),
            "modifiers": roles_with(permission("queue.modify")),
        }

    def asked_for(self, queue: Queue) -> AddressForm | None:
        """Return the form of the address that ``?address=`` names, or of a new one."""
        asked = self.request.GET.get("address", "")
        if not asked or queue._state.adding:
            return None
        if asked == "new":
            return AddressForm(instance=QueueAddress(queue=queue))
        address = next((item for item in queue.addresses.whole() if str(item.pk) == asked), None)
        return AddressForm(instance=address) if address else None


class QueueCopy(CopyPage):
    """Copy a queue; its addresses stay, since a mailbox is read by one queue."""

    model = Queue
    list_url, create_url = "queues:queue_list", "queues:queue_new"
    right = "queue.create"
    parts = (
        ("basics", "Basics: description, language, enabled"),
        ("contact", "Contact Management"),
        ("email", "E-Mail Settings"),
    )


class QueueDelete(DeletePage):
    """Delete a queue and its addresses."""

    model = Queue
    list_url = "queues:queue_list"
    right = "queue.delete"

    def delete(self, record: Queue) -> None:
        """Delete the queue."""
        services.queue_delete(actor=self.actor, queue=record, version=record.version)


class AddressSave(QueuePage):
    """Save one address of a queue; POST only."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **_: Any) -> HttpResponse:
        """Save the address, or show the queue page with the messages in the block."""
        queue = get_object_or_404(Queue, pk=self.kwargs["pk"])
        if not self.editable(queue):
            return self.handle_no_permission()
        self.address_form = form = AddressForm(request.POST, instance=self.address_of(queue))
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
        for text in form.notices():
            messages.info(request, text)
        return HttpResponseRedirect(f"{queue.get_absolute_url()}#numbers-addresses")

    def address_of(self, queue: Queue) -> QueueAddress:
        """Return the address of the URL, or a new one."""
        if "address" not in self.kwargs:
            return QueueAddress(queue=queue)
        return get_object_or_404(QueueAddress.objects.whole(), queue=queue, pk=self.kwargs["address"])

    def show_queue(self, queue: Queue, *, status: int, **context: Any) -> HttpResponse:
        """Render the whole queue page around the address form."""
        return self.show(QueueForm(instance=queue), queue, status=status, **context)


class AddressDelete(QueuePage):
    """Delete one address of a queue; POST only."""

    http_method_names = ["post"]
    right = "queue.modify"

    def post(self, request: HttpRequest, **_: Any) -> HttpResponse:
        """Delete the address."""
        address = get_object_or_404(QueueAddress, queue=self.kwargs["pk"], pk=self.kwargs["address"])
        services.address_delete(actor=self.actor, address=address)
        messages.success(request, f"{address.address} was deleted.")
        return HttpResponseRedirect(f"{address.queue.get_absolute_url()}#numbers-addresses")
