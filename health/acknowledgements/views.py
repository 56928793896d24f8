"""The pages that acknowledge a finding or a warning and take that back."""

from abc import abstractmethod
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.generic import View

from configurator.console.objects.views import Page, RightRequired
from configurator.db.faults import saving
from health.acknowledgements.forms import AcknowledgementForm
from health.acknowledgements.services import Subject, acknowledge, take_back


class Acknowledge(Page, View):
    """Acknowledge what the address names, with a reason and an end date."""

    of_warning: ClassVar[bool]
    message: ClassVar[str]

    @abstractmethod
    def shown(self) -> Any:
        """Return what the page shows; 404 where the user may not change it."""

    @abstractmethod
    def subject(self) -> Subject:
        """Return what is acknowledged."""

    def next_url(self, shown: Any) -> str:
        """Return where the user goes afterwards."""
        return str(shown.get_absolute_url())

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        """Show the empty form."""
        return self.show(AcknowledgementForm(of_warning=self.of_warning), self.shown())

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        """Acknowledge it, or say what is wrong; 404 when it is gone by now."""
        shown, form = self.shown(), AcknowledgementForm(request.POST, of_warning=self.of_warning)
        if not form.is_valid():
            return self.show(form, shown, status=422)
        try:
            with saving():
                acknowledge(actor=self.actor, subject=self.subject(), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
            return self.show(form, shown, status=422)
        except ObjectDoesNotExist:
            raise Http404 from None
        messages.success(request, self.message)
        return HttpResponseRedirect(self.next_url(shown))

    def show(self, form: AcknowledgementForm, shown: Any, *, status: int = 200) -> HttpResponse:
        """Render the page."""
        context = self.get_context_data(form=form, object=shown, of_warning=self.of_warning)
        return render(self.request, "acknowledgements/acknowledge.html", context, status=status)


class TakeBack(RightRequired, View):
    """Let an acknowledged finding or warning count again; POST only."""

    http_method_names = ["post"]
    message: ClassVar[str]

    @abstractmethod
    def found(self) -> tuple[Subject, Any, str]:
        """Return what was acknowledged, the acknowledgement's key, and where the user goes afterwards; 404 as above."""

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        """Take it back."""
        subject, pk, next_url = self.found()
        try:
            take_back(actor=self.actor, subject=subject, pk=pk)
        except ObjectDoesNotExist:
            raise Http404 from None
        messages.success(request, self.message)
        return HttpResponseRedirect(next_url)
