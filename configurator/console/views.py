"""What every page of the console asks first, and the object page.

A subclass names its model, its form and its right; anything special stands in its own app.
"""

from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.auth.mixins import UserPassesTestMixin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.generic import View

from configurator.accounts import request_id
from configurator.accounts.actor import Actor
from configurator.accounts.models import User
from configurator.accounts.scope import Scope
from configurator.console.forms import RecordForm, notices_of
from configurator.console.navigation import trail
from configurator.console.putting_back import Earlier, earlier_of
from configurator.console.records import Record, StaleVersion
from configurator.console.sides import both_sides


class RightRequired(UserPassesTestMixin):
    """Refuse with 403 whoever lacks ``right``; POST asks for ``post_right`` where that is another one."""

    right: ClassVar[str]
    request: HttpRequest
    raise_exception = True

    def test_func(self) -> bool:
        """Tell whether the signed-in user holds the right."""
        return self.may(self.right)

    def may(self, right: str) -> bool:
        """Tell whether the signed-in user holds ``right``."""
        return isinstance(self.request.user, User) and self.request.user.may(right)

    @property
    def person(self) -> User:
        """The signed-in user."""
        assert isinstance(self.request.user, User)  # noqa: S101  LoginRequiredMiddleware let the request pass
        return self.request.user

    def scope(self, right: str = "") -> Scope:
        """Return to which queues the right reaches, that of the page unless another is named."""
        return self.person.scope(right or self.right)

    @property
    def actor(self) -> Actor:
        """The signed-in user as services know him."""
        return Actor.of(self.person, request_id.current())


class Page(RightRequired):
    """A page of the navigation tree: its title and breadcrumb."""

    list_url: ClassVar[str]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Add the breadcrumb and where the list is."""
        parent: Any = super()
        base = parent.get_context_data(**context) if hasattr(parent, "get_context_data") else context
        return base | {"trail": trail(self.list_url), "list_url": reverse(self.list_url)}


class RecordPage(Page, View):
    """An object page: form for those who may modify, text for those who may view; also creates."""

    model: ClassVar[type[Record]]
    form_class: ClassVar[type[RecordForm]]
    template_name: ClassVar[str] = "generic/object.html"
    saved_message: ClassVar[str] = "Saved."

    def get_object(self) -> Record:
        """Return the record of the URL, 404 when there is none; a fresh one on the create page."""
        if "pk" not in self.kwargs:
            return self.model()
        record: Record = get_object_or_404(self.rows(), pk=self.kwargs["pk"])
        return record

    def rows(self) -> QuerySet[Any]:
        """Return the records with what the page shows of their relations."""
        return self.model._default_manager.all()

    def editable(self, record: Record) -> bool:
        """Tell whether the user may save what the page shows."""
        kind = self.right.partition(".")[0]
        return self.may(f"{kind}.create" if record._state.adding else f"{kind}.modify")

    def get_initial(self) -> dict[str, Any]:
        """Return what a new form starts from."""
        return {}

    def get(self, request: HttpRequest, **_: Any) -> HttpResponse:
        """Show the record."""
        record = self.get_object()
        if record._state.adding and not self.editable(record):
            return self.handle_no_permission()
        earlier = self.earlier(self.form_class, record) if self.editable(record) else None
        form = self.form(instance=record, initial=earlier.initial if earlier else self.get_initial())
        if earlier:
            earlier.ask_again(form)
        return self.show(form, record, earlier=earlier)

    def form(self, *args: Any, **kwargs: Any) -> RecordForm:
        """Return the form, with what the user may choose in it."""
        return self.form_class(*args, **kwargs)

    def earlier(self, form_class: type[RecordForm], record: Record) -> Earlier | None:
        """Return the earlier version that is to be put back, if the address line names one."""
        return earlier_of(form_class, record, self.request.GET, self.person)

    def post(self, request: HttpRequest, **_: Any) -> HttpResponse:
        """Save the form through the app's service; 409 with both versions when somebody was faster."""
        record = self.get_object()
        if not self.editable(record):
            return self.handle_no_permission()
        # What is put back is shown again beside a refusal; it is told from the record before the form writes on that.
        earlier = self.earlier(self.form_class, record)
        form = self.form(request.POST, instance=record)
        if earlier:
            earlier.ask_again(form)
        if not form.is_valid():
            return self.show(form, record, status=422, earlier=earlier)
        try:
            self.save(form)
        except StaleVersion as stale:
            return self.show(form, record, status=409, earlier=earlier, **self.conflict(form, stale.stored))
        except ValidationError as error:
            form.add_error(None, error)
            return self.show(form, record, status=422, earlier=earlier)
        messages.success(request, self.saved_message)
        for text in notices_of(form):
            messages.info(request, text)
        return HttpResponseRedirect(self.next_url(form.instance))

    def save(self, form: Any) -> None:
        """Hand the valid form to the service."""
        raise NotImplementedError

    def next_url(self, record: Any) -> str:
        """Return to the object page, or to the list after Save and Close."""
        return reverse(self.list_url) if self.request.GET.get("then") == "close" else record.get_absolute_url()

    def show(self, form: RecordForm, record: Record, *, status: int = 200, **context: Any) -> HttpResponse:
        """Render the object page."""
        adding = record._state.adding
        context |= {
            "form": form,
            "object": self.stored(form, record),
            "record": record,
            "adding": adding,
            "editable": self.editable(record),
            "kind": self.model.audit_kind,
        }
        return render(self.request, self.template_name, self.get_context_data(**context), status=status)

    def stored(self, form: RecordForm, record: Record) -> Record:
        """Return what is stored: a bound form has written on its record, so that it is read anew."""
        if record._state.adding:
            return self.model()
        stored: Record = self.rows().get(pk=record.pk) if form.is_bound else record
        return stored

    @staticmethod
    def conflict(form: RecordForm, stored: Record) -> dict[str, Any]:
        """Return both versions for the page; saving the form again puts the typed one over the stored one."""
        sides = both_sides(form, stored)
        form.data = dict(form.data.items()) | {"version": str(stored.version)}
        return {"conflict": stored, "sides": sides}
