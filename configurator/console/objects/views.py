"""The base of every page of the console, and the object page.

A subclass names its model, its form and its right; anything special is in its own app.
"""

import uuid
from typing import Any, ClassVar, Final, TypeVar

from django.contrib import messages
from django.contrib.auth.mixins import UserPassesTestMixin
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.generic import View

from configurator import request_id
from configurator.accounts.actor import Actor
from configurator.accounts.models import User
from configurator.accounts.scope import Scope
from configurator.console.frame.navigation import trail
from configurator.console.objects.conflict import both_sides
from configurator.console.objects.forms import RecordForm, notices_of
from configurator.console.objects.new_records import id_in, is_sent_again, signed_id
from configurator.console.objects.restore import Earlier, earlier_of
from configurator.console.records.names import twin_notices
from configurator.console.records.record import Record, StaleVersion
from configurator.db.faults import NotSaved, saving

AnyRecord = TypeVar("AnyRecord", bound=Record)
SAVED_BEFORE: Final = (
    "This form was saved already, as “{}”. What you changed since is not saved: press Save to add it as another one."
)


class RightRequired(UserPassesTestMixin):
    """Refuse with 403 users without ``right``; for POST without ``post_right``, if there is one."""

    right: ClassVar[str]
    request: HttpRequest
    raise_exception = True

    def test_func(self) -> bool:
        return self.may(self.right)

    def may(self, right: str) -> bool:
        return isinstance(self.request.user, User) and self.request.user.may(right)

    @property
    def person(self) -> User:
        assert isinstance(self.request.user, User)  # noqa: S101  LoginRequiredMiddleware let the request pass
        return self.request.user

    def scope(self, right: str = "") -> Scope:
        """Return the scope of the right, by default that of the page."""
        return self.person.scope(right or self.right)

    @property
    def actor(self) -> Actor:
        return Actor.of(self.person, request_id.current())


class Page(RightRequired):
    """A page of the navigation tree: its title and breadcrumb."""

    list_url: ClassVar[str]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        parent: Any = super()
        base = parent.get_context_data(**context) if hasattr(parent, "get_context_data") else context
        return base | {"trail": trail(self.list_url), "list_url": reverse(self.list_url)}


class RecordPage(Page, View):
    """An object page: form for those who may modify, text for those who may view; also creates."""

    model: ClassVar[type[Record]]
    form_class: ClassVar[type[RecordForm]]
    template_name: ClassVar[str] = "console/objects/object.html"
    saved_message: ClassVar[str] = "Saved."

    @property
    def creates(self) -> bool:
        return "pk" not in self.kwargs

    def get_object(self) -> Record:
        """Return the record of the URL, 404 when there is none; a new one on the create page."""
        if "pk" not in self.kwargs:
            return self.with_sent_id(self.model())
        record: Record = get_object_or_404(self.rows(), pk=self.kwargs["pk"])
        return record

    def rows(self) -> QuerySet[Any]:
        """Return the records with what the page shows of their relations."""
        return self.model._default_manager.all()

    def with_sent_id(self, record: AnyRecord) -> AnyRecord:
        """Return the new record, with the ID in the sent form."""
        sent = id_in(self.request.POST, self.person)
        if sent and isinstance(record.pk, uuid.UUID):
            record.pk = sent
        return record

    def editable(self, record: Record) -> bool:
        kind = self.right.partition(".")[0]
        return self.may(f"{kind}.create" if record._state.adding else f"{kind}.modify")

    def get_initial(self) -> dict[str, Any]:
        return {}

    def get(self, request: HttpRequest, **_: Any) -> HttpResponse:
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
        """Return the earlier version to restore, if the URL names one."""
        return earlier_of(form_class, record, self.request.GET, self.person)

    def post(self, request: HttpRequest, **_: Any) -> HttpResponse:
        """Save the form; 409 with both versions when somebody was faster."""
        record = self.get_object()
        if not self.editable(record):
            return self.handle_no_permission()
        # The restored version is shown again with a refusal; it has to be read before the form changes the record.
        earlier = self.earlier(self.form_class, record)
        form = self.form(request.POST, instance=record)
        if earlier:
            earlier.ask_again(form)
        return self.save_sent(form, earlier=earlier)

    def save_sent(self, form: RecordForm, **context: Any) -> HttpResponse:
        """Save the bound form through the app's service, or show it again with what is wrong.

        Sent a second time, it is answered as the first time.
        """
        if form.is_valid():
            try:
                with saving():
                    self.save(form)
            except StaleVersion as stale:
                if is_sent_again(form, stale.stored, self.person):
                    return self.saved(form, stale.stored)
                return self.show_again(form, status=409, **context, **self.conflict(form, stale.stored))
            except NotSaved as error:
                form.add_error(None, error)
                # Scripts take a 503 for an answer of a proxy, and do not show it.
                status = 422 if self.request.headers.get("HX-Request") else 503
                return self.saved_before(form) or self.show_again(form, status=status, **context)
            except (ValidationError, IntegrityError) as error:
                self.refused(form, error)
            else:
                return self.saved(form, form.instance)
        return self.saved_before(form) or self.show_again(form, status=422, **context)

    def refused(self, form: RecordForm, error: ValidationError | IntegrityError) -> None:
        """Add the refusal to the form, unless that created its record before; IntegrityError is raised again."""
        if self.created_before(form) is None:
            if isinstance(error, IntegrityError):
                raise error
            form.add_error(None, error)

    def words_on_save(self, _record: Any) -> str:
        return self.saved_message

    def saved(self, form: RecordForm, record: Record) -> HttpResponse:
        """Show the message and the notices of a save, and redirect."""
        messages.success(self.request, self.words_on_save(record))
        for text in [*notices_of(form), *twin_notices(self.rows(), record)]:
            messages.info(self.request, text)
        return HttpResponseRedirect(self.next_url(record))

    def saved_before(self, form: RecordForm) -> HttpResponse | None:
        """Return the response for a form that created a record when it was sent before; None where it did not."""
        before = self.created_before(form)
        if before is None:
            return None
        if is_sent_again(form, before, self.person):
            return self.saved(form, before)
        form.instance.pk = uuid.uuid4()
        form.errors.clear()
        form.add_error(None, SAVED_BEFORE.format(before))
        return self.show_again(form, status=409)

    def show_again(self, form: Any, *, status: int, **context: Any) -> HttpResponse:
        return self.show(form, form.instance, status=status, **context)

    def created_before(self, form: RecordForm) -> Any:
        """Return the record that the form created when it was sent before, None where it did not."""
        return self.rows().filter(pk=form.instance.pk).first() if self.creates else None

    def save(self, form: Any) -> None:
        raise NotImplementedError

    def next_url(self, record: Any) -> str:
        """Return to the object page, or to the list after Save and Close."""
        return reverse(self.list_url) if self.request.GET.get("then") == "close" else record.get_absolute_url()

    def show(self, form: RecordForm, record: Record, *, status: int = 200, **context: Any) -> HttpResponse:
        adding, editable = record._state.adding, self.editable(record)
        context |= {
            "form": form,
            "object": self.stored(form, record),
            "record": record,
            "adding": adding,
            "editable": editable,
            "kind": self.model.audit_kind,
            "new_id": signed_id(self.person, record.pk) if adding and editable else "",
        }
        return render(self.request, self.template_name, self.get_context_data(**context), status=status)

    def stored(self, form: RecordForm, record: Record) -> Record:
        """Return what is stored: read again for a bound form, which has changed its record."""
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
