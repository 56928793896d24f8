"""The pages that dismiss a warning and take that back."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.generic import View

from configurator.console.objects.views import Page, RightRequired
from configurator.db.faults import saving
from health.alarms import services
from health.alarms.forms import DismissForm
from health.alarms.models import ENDING, Alarm, Dismissal
from health.alarms.services.dismissing import RIGHT
from tokenchecks.subjects.stored_rows import reaches, stored


class Dismiss(Page, View):
    """Dismiss the warning of one thing, with a reason and an end date."""

    list_url = "alarms:list"

    def test_func(self) -> bool:
        """Tell whether the user may change what the warning is about."""
        if self.kwargs["kind"] not in RIGHT:
            raise Http404
        return self.may(RIGHT[self.kwargs["kind"]])

    def get(self, request: HttpRequest, kind: str, pk: uuid.UUID) -> HttpResponse:
        """Ask for reason and date."""
        return self.show(DismissForm(), self.subject(kind, pk))

    def post(self, request: HttpRequest, kind: str, pk: uuid.UUID) -> HttpResponse:
        """Dismiss it, or say what is wrong; 422 for anything but a warning."""
        row, form = self.subject(kind, pk), DismissForm(request.POST)
        if not form.is_valid():
            return self.show(form, row, status=422)
        try:
            with saving():
                services.dismiss(actor=self.actor, kind=kind, subject_id=pk, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
            return self.show(form, row, status=422)
        messages.success(request, "The warning is dismissed and counts no more until then.")
        return HttpResponseRedirect(row.get_absolute_url())

    def subject(self, kind: str, pk: uuid.UUID) -> Any:
        """Return what the warning is about; 404 where the user may not change it."""
        if not reaches(self.scope(RIGHT[kind]), kind, pk):
            raise Http404
        return subject(kind, pk)

    def show(self, form: DismissForm, row: Any, *, status: int = 200) -> HttpResponse:
        """Render the page."""
        context = self.get_context_data(form=form, object=row, kind=self.kwargs["kind"], subject_id=row.pk)
        return render(self.request, "alarms/dismiss.html", context, status=status)


class TakeBack(RightRequired, View):
    """Let a dismissed warning count again; POST only."""

    http_method_names = ["post"]

    def test_func(self) -> bool:
        """Tell whether the user may change what the warning is about; of what is not there, anybody may be told."""
        kinds = Dismissal.objects.filter(pk=self.kwargs["pk"]).values_list("kind", flat=True)
        return all(self.may(RIGHT[kind]) for kind in kinds)

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Take it back and return to what it is about."""
        dismissal = get_object_or_404(Dismissal, pk=pk)
        if not reaches(self.scope(RIGHT[dismissal.kind]), dismissal.kind, dismissal.subject_id):
            raise Http404
        services.take_back(actor=self.actor, pk=pk)
        messages.success(request, "The warning counts again.")
        return HttpResponseRedirect(subject(dismissal.kind, dismissal.subject_id).get_absolute_url())


def subject(kind: str, pk: uuid.UUID) -> Any:
    """Return what a warning is about; 404 when it is gone."""
    row = get_object_or_404(Alarm, pk=pk) if kind == ENDING else stored(kind, pk)
    if row is None:
        raise Http404
    return row
