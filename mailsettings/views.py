"""The screens under E-Mail Settings."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.generic import View

from configurator import signs
from configurator.console.bulk.menu import Tickable
from configurator.console.lists.views import RecordList
from configurator.console.objects.copy import CopyPage, copied
from configurator.console.objects.delete import DeletePage
from configurator.console.objects.views import RightRequired
from configurator.db.capped_count import status_totals
from mailsettings import services
from mailsettings.bulk import INCOMING
from mailsettings.exports import INCOMING_EXPORT
from mailsettings.filters import IncomingServerFilter
from mailsettings.forms import IncomingServerForm, OutgoingServerForm
from mailsettings.models import AuthenticationType, IncomingServer, OutgoingServer
from mailsettings.rotation.views import ShowsSlots, SlotAct
from mailsettings.tables import IncomingServerTable

OTHERS = "Addresses on queues that you may not view"


class IncomingList(Tickable, RecordList):
    bulk = INCOMING
    model = IncomingServer
    table_class = IncomingServerTable
    filterset_class = IncomingServerFilter
    export = INCOMING_EXPORT
    list_url, create_url = "mailsettings:incoming_list", "mailsettings:incoming_new"
    import_kind = "incoming_server"
    right = "incoming_server.view"
    empty = (
        "No incoming mail server yet. Add the app registration that reads your queues' mailboxes.",
        "Add New",
    )

    def get_queryset(self) -> QuerySet[IncomingServer]:
        return IncomingServer.objects.with_use(self.scope("queue.view")).order_by("name", "id")

    def totals(self) -> dict[Any, int]:
        return status_totals(self.found(IncomingServer.objects.all()))


class IncomingPage(ShowsSlots):
    model = IncomingServer
    form_class = IncomingServerForm
    template_name = "mailsettings/incoming.html"
    list_url, url_prefix = "mailsettings:incoming_list", "mailsettings:incoming"
    right = "incoming_server.view"
    saved_message = "The server was saved; a check of it and its addresses is on its way."

    def rows(self) -> QuerySet[IncomingServer]:
        """Return the servers with what is known of their secrets, none of which is loaded."""
        slots = ("secret", "next_secret", "previous_secret")
        return IncomingServer.objects.select_related(*slots).defer(*(f"{slot}__envelope" for slot in slots))

    def form(self, *args: Any, **kwargs: Any) -> IncomingServerForm:
        """Return the form, which names the addresses that the user may view."""
        return IncomingServerForm(*args, scope=self.scope("queue.view"), **kwargs)

    def get_initial(self) -> dict[str, Any]:
        """Start from the server that is being copied, never with its secret."""
        return copied(
            IncomingServer.objects.all(),
            self.request.GET,
            {"connection": ("address", "authentication_type", "client_id")},
        )

    def save(self, form: IncomingServerForm) -> None:
        services.incoming_server_save(
            actor=self.actor,
            server=form.instance,
            secret=form.cleaned_data["secret"],
            version=form.cleaned_data["version"],
        )


class IncomingSlotAct(SlotAct, IncomingPage):
    """An act on the secrets of an incoming mail server."""


class IncomingCopy(CopyPage):
    model = IncomingServer
    list_url, create_url = "mailsettings:incoming_list", "mailsettings:incoming_new"
    right = "incoming_server.create"
    parts = (("connection", "Address, Authentication Type and Client ID"),)


class IncomingDelete(DeletePage):
    """Delete an incoming mail server that no queue uses."""

    model = IncomingServer
    list_url = "mailsettings:incoming_list"
    right = "incoming_server.delete"

    def users(self, record: IncomingServer) -> list[str]:
        seen = record.addresses.visible_to(self.scope("queue.view")).select_related("queue")
        hidden = [OTHERS] if record.addresses.count() > len(seen) else []
        return [*(str(item) for item in seen), *hidden]

    def in_use(self, _error: Any) -> list[str]:
        """Return them, for a use that began after the page was shown."""
        return self.users(self.get_record())

    def delete(self, record: IncomingServer) -> None:
        services.incoming_server_delete(actor=self.actor, server=record, version=record.version)


class IncomingPick(RightRequired, View):
    """The search window of the E-Mail Server field: servers found by name and address, of one type where it says so."""

    right = "incoming_server.view"
    SHOWN = 20

    def get(self, request: HttpRequest) -> HttpResponse:
        # PostgreSQL's texts cannot have NUL, so none would be found.
        text = signs.tidy(request.GET.get("server_search", "").replace("\0", ""))
        found = IncomingServer.objects.matching(text)
        if (kind := request.GET.get("type", "")) in AuthenticationType.values:
            found = found.filter(authentication_type=kind)
        return render(request, "mailsettings/pick.html", {"servers": found[: self.SHOWN], "query": text})


class OutgoingPage(ShowsSlots):
    """The External Outgoing Mail Server: one record, created when it is first saved."""

    model = OutgoingServer
    form_class = OutgoingServerForm
    template_name = "mailsettings/outgoing.html"
    list_url = url_prefix = "mailsettings:outgoing"
    right = "outgoing_server.view"
    saved_message = "The outgoing server was saved."

    @property
    def creates(self) -> bool:
        """The one record has a known ID before it is created."""
        return False

    def get_object(self) -> OutgoingServer:
        """Return the one record, a blank one before it was ever saved."""
        found = OutgoingServer.objects.select_related("password").filter(pk=OutgoingServer.SINGLE).first()
        return found or OutgoingServer(pk=OutgoingServer.SINGLE)

    def words_on_save(self, record: Any) -> str:
        """Announce the check, if there is one: a disabled server is not checked."""
        return "The outgoing server was saved; a check of it is on its way." if record.enabled else self.saved_message

    def editable(self, _record: Any) -> bool:
        """Return whether the user may modify it; there is no right to create it."""
        return self.may("outgoing_server.modify")

    def save(self, form: OutgoingServerForm) -> None:
        services.outgoing_server_save(
            actor=self.actor,
            server=form.instance,
            password=form.cleaned_data["password"],
            version=form.cleaned_data["version"],
        )


class OutgoingSlotAct(SlotAct, OutgoingPage):
    """An act on the secrets of the outgoing server."""
