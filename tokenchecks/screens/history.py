"""The history of one subject, and the link from its ID to its own page."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.generic import View

from configurator.accounts.models import User
from configurator.console.objects.views import Page, RightRequired
from tokenchecks.history.past import past_of
from tokenchecks.history.periods import BY_KEY, PERIODS, WEEK
from tokenchecks.subjects.stored_rows import VIEW_RIGHT, reaches, stored


class OfSubject(RightRequired):
    """A page of one subject, with ``kind`` and ``pk`` in its URL."""

    right = "token_check.view"

    def subject(self, kind: str, pk: uuid.UUID) -> Any:
        """Return the stored subject; 404 for one that is deleted or that the user may not view."""
        row = stored(kind, pk) if kind in VIEW_RIGHT and self.may(VIEW_RIGHT[kind]) else None
        if row is None or not reaches(self.scope(), kind, pk):
            raise Http404
        return row


class Subject(OfSubject, View):
    """Redirects from a list, which knows a subject's ID alone, to the subject's page."""

    def get(self, request: HttpRequest, kind: str, pk: uuid.UUID) -> HttpResponse:
        return HttpResponseRedirect(self.subject(kind, pk).get_absolute_url())


class History(OfSubject, Page, View):
    """A subject over the last 24 hours, 7 days, 30 days or year, drawn and as a table; a week unless the URL says
    otherwise.
    """

    list_url = "tokenchecks:standing_list"

    def get(self, request: HttpRequest, kind: str, pk: uuid.UUID) -> HttpResponse:
        row = self.subject(kind, pk)
        assert isinstance(request.user, User)  # noqa: S101  LoginRequiredMiddleware let the request pass
        past = past_of(kind, row, request.user, BY_KEY.get(request.GET.get("period", ""), WEEK))
        return render(
            request,
            "tokenchecks/history.html",
            self.get_context_data(object=row, kind=kind, past=past, periods=PERIODS),
        )
