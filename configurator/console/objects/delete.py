"""Delete: a hard delete, confirmed first, refused with the list of what uses the record."""

from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import Model, ProtectedError, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.generic import View

from configurator.console.objects.views import Page
from configurator.console.records.record import Record, StaleVersion


class DeletePage(Page, View):
    model: ClassVar[type[Record]]
    template_name: ClassVar[str] = "console/objects/delete.html"

    def get(self, request: HttpRequest, **_: Any) -> HttpResponse:
        return self.ask(self.get_record())

    def post(self, request: HttpRequest, **_: Any) -> HttpResponse:
        record = self.get_record()
        back = self.next_url(record)
        try:
            self.delete(record)
        except ProtectedError as error:
            return self.ask(record, users=self.in_use(error), status=409)
        except StaleVersion as stale:
            return self.ask(stale.stored, status=409)
        messages.success(request, f"{record} was deleted.")
        return HttpResponseRedirect(back)

    def get_record(self) -> Any:
        return get_object_or_404(self.rows(), pk=self.kwargs["pk"])

    def rows(self) -> QuerySet[Any]:
        return self.model._default_manager.all()

    def in_use(self, error: ProtectedError) -> list[str]:
        """Return the users of the record found by the database, as far as the user may view them."""
        return sorted(map(str, error.protected_objects))

    def next_url(self, record: Any) -> str:
        """Return the list's URL, once the record is deleted."""
        return reverse(self.list_url)

    def delete(self, record: Any) -> None:
        raise NotImplementedError

    def ask(self, record: Model, *, users: list[str] | None = None, status: int = 200) -> HttpResponse:
        """Render the question, or the refusal with its reasons."""
        context = self.get_context_data(object=record, users=users or self.users(record))
        return render(self.request, self.template_name, context, status=status)

    def users(self, record: Any) -> list[str]:
        """Return what uses the record and keeps it from being deleted."""
        return []
