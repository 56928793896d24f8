"""Check before save: each form of the lower floors, posted to be checked instead of saved; and the panel of a run."""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.generic import View
from django_htmx.http import reselect, reswap, retarget

from configurator.console.objects.forms import RecordForm
from configurator.console.objects.views import Page, RecordPage
from configurator.db.faults import saving
from mailsettings.views import IncomingPage, OutgoingPage
from queues.views.addresses import AddressSave
from tokenchecks.models import CheckRun, Kind, Purpose
from tokenchecks.screens.trials.forms import MailboxForm
from tokenchecks.screens.trials.panel import trial_panel
from tokenchecks.services.trial import TooManyTrials, trial_begin
from tokenchecks.subjects.stored_rows import VIEW_RIGHT, reaches

EDIT_RIGHT: dict[str, str] = {
    Kind.INCOMING: "incoming_server.modify",
    Kind.OUTGOING: "outgoing_server.modify",
    Kind.ADDRESS: "queue.modify",
}


class Trial(RecordPage):
    """Check what is typed, and show the page with the panel below the form; nothing is saved."""

    http_method_names = ["get", "head", "post"]
    # What htmx replaces when a message has to be shown at its field.
    part = "#main"
    mailbox_form: MailboxForm | None = None

    def get(self, request: HttpRequest, **_: Any) -> HttpResponse:
        """Redirect to the form: after a check the browser's address bar has this URL."""
        return HttpResponseRedirect(self.form_url(self.get_object()))

    def form_url(self, record: Any) -> str:
        """Return the page with the form."""
        return str(record.get_absolute_url())

    def post(self, request: HttpRequest, **_: Any) -> HttpResponse:
        record = self.get_object()
        if not self.editable(record):
            return self.handle_no_permission()
        form = self.bound(record)
        # Confirmations that a save needs are not needed by a trial.
        if set(form.errors) - form.confirmations or (self.mailbox_form and not self.mailbox_form.is_valid()):
            return self.refuse(form, record)
        try:
            with saving():
                run = trial_begin(actor=self.actor, row=form.instance, secrets=form.secrets(), mailbox=self.mailbox)
        except ValidationError as error:
            form.add_error(None, error)
            return self.refuse(form, record)
        except TooManyTrials as error:
            return self.again(form, record, status=429, too_many=str(error))
        return self.again(form, record, trial=trial_panel(run, on_form=True))

    @property
    def mailbox(self) -> str:
        return self.mailbox_form.cleaned_data["mailbox"] if self.mailbox_form else ""

    def bound(self, record: Any) -> RecordForm:
        return self.form(self.request.POST, instance=record)

    def again(self, form: RecordForm, record: Any, *, status: int = 200, **context: Any) -> HttpResponse:
        return self.show(form, record, status=status, mailbox_form=self.mailbox_form, **context)

    def refuse(self, form: RecordForm, record: Any) -> HttpResponse:
        """Show the messages at the fields; htmx replaces the whole form."""
        answer = self.again(form, record, status=422)
        return reswap(reselect(retarget(answer, self.part), self.part), "outerHTML")


class TryIncoming(Trial, IncomingPage):
    def form_url(self, record: Any) -> str:
        return reverse("mailsettings:incoming_new") if record._state.adding else super().form_url(record)

    def bound(self, record: Any) -> RecordForm:
        """Return the form as it was sent, with the mailbox."""
        form = super().bound(record)
        form.is_valid()
        self.mailbox_form = MailboxForm(form.instance, self.request.POST, self.scope("queue.view"))
        return form


class TryOutgoing(Trial, OutgoingPage):
    """Check the outgoing server before it is saved."""


class TryAddress(Trial, AddressSave):
    part = "#numbers-addresses"

    def form_url(self, record: Any) -> str:
        return self.address_of(record).edit_url

    def bound(self, record: Any) -> RecordForm:
        self.address_form = self.form_of(self.address_of(record), self.request.POST)
        return self.address_form

    def again(self, form: RecordForm, record: Any, *, status: int = 200, **context: Any) -> HttpResponse:
        return self.show(self.form(instance=record), record, status=status, **context)


class TrialPage(Page, View):
    """The result of a run that is no history, for who requested it and for those who may save its subject."""

    list_url = "tokenchecks:standing_list"

    def test_func(self) -> bool:
        runs = CheckRun.objects.exclude(purpose=Purpose.CHECK).select_related("told")
        self.run = run = self.seen(runs.filter(pk=self.kwargs["pk"]).first())
        if run is None or run.purpose == Purpose.DRY_RUN:
            return self.may("token_check.view") and self.may(VIEW_RIGHT[run.kind if run else Kind.ADDRESS])
        return self.may(EDIT_RIGHT[run.kind]) or run.requested_by == self.request.user.get_username()

    def seen(self, run: CheckRun | None) -> CheckRun | None:
        """Return the run; None for one about addresses that the user may not view."""
        if run is None or self.scope("queue.view").is_whole:
            return run
        # What was typed for one of these may name any mailbox.
        was_typed = run.purpose in (Purpose.TRIAL, Purpose.TEST_MAIL)
        if was_typed and run.requested_by != self.request.user.get_username():
            return None
        kind, pk = run.kind, run.subject_id
        if run.purpose == Purpose.TRIAL and kind == Kind.ADDRESS:
            kind, pk = "queue", uuid.UUID(run.told.values["row"]["fields"]["queue"])
        return run if reaches(self.scope("queue.view"), kind, pk) else None

    def get(self, request: Any, pk: uuid.UUID) -> HttpResponse:
        if self.run is None:
            raise Http404
        here = request.htmx and request.htmx.current_url_abs_path
        on_form = bool(here) and not here.startswith(request.path)
        trial = trial_panel(self.run, on_form=on_form)
        if request.htmx:
            return render(request, "tokenchecks/trial.html", {"trial": trial})
        return render(request, "tokenchecks/trial_page.html", self.get_context_data(object=self.run, trial=trial))
