"""Acts besides checks: the test of a next secret, and a test mail."""

import uuid
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.generic import View

from configurator.console.objects.views import Page, RightRequired
from configurator.db.faults import saving
from mailsettings.forms.slots import ROTATION
from mailsettings.models import IncomingServer, OutgoingServer
from queues.models import QueueAddress
from tokenchecks.screens.trials.forms import TestMailForm
from tokenchecks.services.acts import next_secret_try, send_test_mail

NO_SENDER = "Sender is not ticked on this address, so no mail is sent from it. Tick it, save, and come back."
NOT_ENABLED = "The outgoing server is not enabled, so no mail is sent through it. Enable it, save, and come back."


class TryNext(RightRequired, View):
    """Queue the test of a server's next secret and show the server's page again."""

    http_method_names = ["get", "head", "post"]
    model: ClassVar[type[IncomingServer] | type[OutgoingServer]]

    def get(self, request: HttpRequest, pk: uuid.UUID = OutgoingServer.SINGLE) -> HttpResponse:
        """Redirect: after a test the browser's address bar has this URL."""
        return self.back(self.get_server(pk))

    def post(self, request: HttpRequest, pk: uuid.UUID = OutgoingServer.SINGLE) -> HttpResponse:
        server = self.get_server(pk)
        try:
            next_secret_try(actor=self.actor, server=server)
        except ValidationError as error:
            messages.warning(request, " ".join(error.messages))
        return self.back(server)

    def get_server(self, pk: uuid.UUID) -> Any:
        return get_object_or_404(self.model._default_manager.select_related("next_secret"), pk=pk)

    def back(self, server: Any) -> HttpResponse:
        return HttpResponseRedirect(f"{server.get_absolute_url()}#{ROTATION.anchor}")


class TryNextIncoming(TryNext):
    model = IncomingServer
    right = "incoming_server.modify"


class TryNextOutgoing(TryNext):
    model = OutgoingServer
    right = "outgoing_server.modify"


class TestMail(Page, View):
    """Send one mail after confirmation, and follow it."""

    def get(self, request: HttpRequest, **_: Any) -> HttpResponse:
        row = self.get_row()
        return self.ask(row, self.form_of(row))

    def post(self, request: HttpRequest, **_: Any) -> HttpResponse:
        row = self.get_row()
        form = self.form_of(row, request.POST)
        if self.lacks(row) or not form.is_valid():
            return self.ask(row, form, status=422)
        try:
            with saving():
                run = send_test_mail(
                    actor=self.actor,
                    row=row,
                    sender=form.fixed or form.cleaned_data["sender"],
                    recipient=form.cleaned_data["recipient"],
                    key=form.cleaned_data["key"],
                )
        except ValidationError as error:
            form.add_error(None, error)
            return self.ask(row, form, status=409)
        return HttpResponseRedirect(run.get_absolute_url())

    def form_of(self, row: Any, typed: Any = None) -> TestMailForm:
        """Return the form, with the addresses that the user may view."""
        return TestMailForm(self.sender_of(row), typed, self.scope("queue.view"))

    def get_row(self) -> Any:
        raise NotImplementedError

    def sender_of(self, row: Any) -> str:
        """Return the sender, "" where it is to be chosen."""
        return ""

    def lacks(self, row: Any) -> str:
        """Return what has to be set up first, "" when nothing."""
        raise NotImplementedError

    def ask(self, row: Any, form: TestMailForm, *, status: int = 200) -> HttpResponse:
        context = self.get_context_data(object=row, form=form, lacks=self.lacks(row))
        return render(self.request, "tokenchecks/test_mail.html", context, status=status)


class AddressTestMail(TestMail):
    """A mail from the account of a queue's address, which is ticked as Sender."""

    list_url = "queues:queue_list"
    right = "queue.modify"

    def get_row(self) -> QueueAddress:
        rows = QueueAddress.objects.visible_to(self.scope()).select_related("queue", "password", "server__secret")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def sender_of(self, row: QueueAddress) -> str:
        return row.account

    def lacks(self, row: QueueAddress) -> str:
        return "" if row.sender else NO_SENDER


class OutgoingTestMail(TestMail):
    list_url = "mailsettings:outgoing"
    right = "outgoing_server.modify"

    def get_row(self) -> OutgoingServer:
        row = OutgoingServer.objects.select_related("password").filter(pk=OutgoingServer.SINGLE).first()
        if row is None:
            raise Http404
        return row

    def lacks(self, row: OutgoingServer) -> str:
        return "" if row.enabled else NOT_ENABLED
