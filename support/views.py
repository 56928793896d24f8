"""The set-up sheet of a queue, on paper or on screen."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.generic import View

from configurator.accounts.models import User
from configurator.console.views import Page
from configurator.version import VERSION
from queues.models import Queue
from support.sheet import sheet_of


def viewer(request: HttpRequest) -> User:
    """Return who looks."""
    assert isinstance(request.user, User)  # noqa: S101  LoginRequiredMiddleware let the request pass
    return request.user


class SetUpSheet(Page, View):
    """How a queue is set up, on one or two sheets of paper."""

    list_url = "queues:queue_list"
    right = "queue.view"

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Show the sheet."""
        queue = get_object_or_404(Queue, pk=pk)
        context = self.get_context_data(
            object=queue, sheet=sheet_of(queue, viewer(request)), printed_at=timezone.now(), version=VERSION
        )
        return render(request, "support/sheet.html", context)
