"""The screens under Queue Management."""

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from configurator.accounts.rights import permission
from configurator.accounts.roles import roles_with
from configurator.console.bulk.menu import Offer, Tickable, offer
from configurator.console.exports.views import Menu, menu
from configurator.console.lists.views import RecordList
from configurator.console.objects.copy import CopyPage, copied
from configurator.console.objects.delete import DeletePage
from configurator.console.objects.forms import RecordForm
from configurator.console.objects.new_records import signed_id
from configurator.console.objects.restore import Earlier
from configurator.console.objects.views import RecordPage
from configurator.console.records.record import Record
from configurator.db.capped_count import status_totals
from mailsettings.models import IncomingServer
from queues import services
from queues.bulk import ADDRESSES_OF_QUEUE, QUEUES
from queues.exports import ADDRESS_EXPORT, QUEUE_EXPORT
from queues.filters import QueueFilter
from queues.forms import AddressForm, QueueForm
from queues.models import Queue, QueueAddress
from queues.tables import QueueTable

VIEW, MODIFY = permission("queue.view"), permission("queue.modify")
CONTACT_MANAGEMENT = ("priority", "queue_size", "pick_timeout_ms")
EMAIL_SETTINGS = next(block.fields for block in QueueForm.blocks if block.title == "E-Mail Settings")


class QueueList(Tickable, RecordList):
    bulk = QUEUES
    model = Queue
    table_class = QueueTable
    filterset_class = QueueFilter
    export = QUEUE_EXPORT
    list_url, create_url = "queues:queue_list", "queues:queue_new"
    import_kind = "queue"
    right = "queue.view"
    empty = ("No e-mail queue yet. Add one, then give it the address of its mailbox.", "Add New")

    def get_queryset(self) -> QuerySet[Queue]:
        rows = Queue.objects.visible_to(self.scope()).with_use()
        return rows.select_related("group").order_by("name", "id")

    def totals(self) -> dict[Any, int]:
        return status_totals(self.found(Queue.objects.visible_to(self.scope())))

    def menus(self) -> list[Menu]:
        """Return the exports of the queues found, and of their addresses."""
        of_addresses = menu("Their addresses", ADDRESS_EXPORT, self.request, reverse("queues:address_export"))
        return [*super().menus(), of_addresses]


class QueuePage(RecordPage):
    """One queue, with its addresses in the block Numbers/Addresses."""

    model = Queue
    form_class = QueueForm
    template_name = "queues/queue.html"
    list_url = "queues:queue_list"
    right = "queue.view"
    saved_message = "The queue was saved."
    address_form: AddressForm | None = None
    address_earlier: Earlier | None = None

    def get_initial(self) -> dict[str, Any]:
        parts = {
            "contact": CONTACT_MANAGEMENT,
            "email": EMAIL_SETTINGS,
            "basics": ("description", "language", "group", "enabled"),
        }
        seen = Queue.objects.visible_to(self.scope("queue.view"))
        return copied(seen, self.request.GET, parts)

    def rows(self) -> QuerySet[Queue]:
        return Queue.objects.visible_to(self.scope("queue.view")).select_related("group")

    def form(self, *args: Any, **kwargs: Any) -> QueueForm:
        """Return the form, with the queue groups that the user may put the queue into."""
        form = QueueForm(*args, **kwargs)
        form.offer(self.scope("queue.create" if form.instance._state.adding else "queue.modify"))
        return form

    def editable(self, record: Record) -> bool:
        """Return whether the user may save the queue, or one of its addresses."""
        within = record._state.adding or self.scope("queue.modify").holds(getattr(record, "group_id", None))
        return super().editable(record) and within

    def earlier(self, form_class: type[RecordForm], record: Record) -> Earlier | None:
        """Return the version to restore: that of the address where the URL names one, else the queue's."""
        of_address = bool(self.request.GET.get("address"))
        return super().earlier(form_class, record) if of_address == isinstance(record, QueueAddress) else None

    def save(self, form: QueueForm) -> None:
        services.queue_save(actor=self.actor, queue=form.instance, version=form.cleaned_data["version"])

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Add the addresses, the one being edited, and who may do what with the queue."""
        queue: Queue = context["object"]
        addresses = [] if context["adding"] else list(queue.addresses.whole())
        if context["editable"] and self.address_form is None:
            self.address_form = self.form_named_in_url(queue)
        roles = roles_with(VIEW, MODIFY, group=queue.group_id)
        return super().get_context_data(**context) | {
            "addresses": addresses,
            "address_form": self.address_form,
            "address_new_id": signed_id(self.person, self.address_form.instance.pk) if self.address_form else "",
            "address_earlier": self.address_earlier,
            "bulk": self.offer(queue) if addresses else None,
            "menus": [] if context["adding"] else self.menus(queue),
            "viewers": roles[VIEW],
            "modifiers": roles[MODIFY],
        }

    def offer(self, queue: Queue) -> Offer | None:
        """Return what may be done with many of the queue's addresses at once."""
        back = f"{queue.get_absolute_url()}#numbers-addresses"
        return offer(ADDRESSES_OF_QUEUE, self.request.user, query=f"queue={queue.pk}", back=back)

    def menus(self, queue: Queue) -> list[Menu]:
        """Return the exports of the queue's addresses."""
        path = reverse("queues:queue_address_export", args=[queue.pk])
        return [menu("The addresses of this queue", ADDRESS_EXPORT, self.request, path, keep=False)]

    def form_named_in_url(self, queue: Queue) -> AddressForm | None:
        """Return the form of the address that ``?address=`` names, or of a new one."""
        asked = self.request.GET.get("address", "")
        if not asked or queue._state.adding:
            return None
        if asked == "new":
            return self.form_to_fill(QueueAddress(queue=queue))
        address = next((item for item in queue.addresses.whole() if str(item.pk) == asked), None)
        return self.form_to_fill(address) if address else None

    def form_to_fill(self, address: QueueAddress, typed: QueryDict | None = None) -> AddressForm:
        """Return the form of the address, with the earlier version that is to be put back where one is."""
        self.address_earlier = earlier = self.earlier(AddressForm, address)
        form = self.form_of(address, typed, initial=earlier.initial if earlier else None)
        if earlier:
            earlier.ask_again(form)
        return form

    def form_of(
        self, address: QueueAddress, typed: QueryDict | None = None, initial: dict[str, Any] | None = None
    ) -> AddressForm:
        """Return the form of the address; it offers the servers that the user may view, and the one in use."""
        form = AddressForm(typed, instance=address, initial=initial)
        form.scope = self.scope("queue.view")
        if not self.may("incoming_server.view"):
            form.offer(IncomingServer.objects.filter(pk=address.server_id))
        return form


class QueueCopy(CopyPage):
    """Copy a queue; its addresses stay, since a mailbox is read by one queue."""

    model = Queue
    list_url, create_url = "queues:queue_list", "queues:queue_new"
    right = "queue.create"

    parts = (
        ("basics", "Basics: description, language, group, enabled"),
        ("contact", "Contact Management"),
        ("email", "E-Mail Settings"),
    )

    def rows(self) -> QuerySet[Queue]:
        """Return the queues that the user may view."""
        return Queue.objects.visible_to(self.scope("queue.view"))


class QueueDelete(DeletePage):
    """Delete a queue and its addresses."""

    model = Queue
    list_url = "queues:queue_list"
    right = "queue.delete"

    def rows(self) -> QuerySet[Queue]:
        """Return the queues that the user may delete."""
        return Queue.objects.visible_to(self.scope())

    def delete(self, record: Queue) -> None:
        """Delete the queue."""
        services.queue_delete(actor=self.actor, queue=record, version=record.version)
