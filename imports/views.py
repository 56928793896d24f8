"""The pages of imports."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.generic import View
from django_tables2 import SingleTableView

from configurator.accounts.models import User
from configurator.console.lists.paging import Paged
from configurator.console.objects.new_records import id_in, signed_id
from configurator.console.objects.views import Page
from imports import services
from imports.forms import TOO_LARGE, UploadForm
from imports.kinds import KINDS, kinds_of
from imports.models import Import, State
from imports.reading import BadFile
from imports.showing import Choice, changes_of, page_of, totals_of
from imports.tables import ImportTable


class ImportsPage(Page):
    """A page for users who may import any kind."""

    list_url = "imports:list"
    right = "queue.modify"

    def test_func(self) -> bool:
        return bool(self.kinds)

    @property
    def kinds(self) -> dict[str, Any]:
        return kinds_of(self.user) if isinstance(self.request.user, User) else {}

    @property
    def user(self) -> User:
        assert isinstance(self.request.user, User)  # noqa: S101  LoginRequiredMiddleware let the request pass
        return self.request.user

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Add the id of the import that a form on the page would make."""
        return super().get_context_data(**context) | {"new_id": signed_id(self.user)}

    def get_import(self, pk: uuid.UUID) -> Import:
        """Return the import, 404 for one of a kind that the user may not import."""
        return get_object_or_404(Import.objects.of_kinds(self.kinds), pk=pk)


class ImportList(ImportsPage, Paged, SingleTableView):
    """Imports of the last days."""

    table_class = ImportTable
    template_name = "imports/list.html"

    def get_queryset(self) -> QuerySet[Import]:
        return Import.objects.of_kinds(self.kinds).order_by("-uploaded_at", "id")


class Upload(ImportsPage, View):
    """Choose a file; it is stored, and a worker makes the dry run."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(UploadForm(kinds=self.kinds, initial={"kind": request.GET.get("kind", "")}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = UploadForm(request.POST, request.FILES, kinds=self.kinds)
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
            form.is_valid()
            form.errors["file"] = form.error_class([TOO_LARGE])
            return self.show(form, status=422)
        if not form.is_valid():
            return self.show(form, status=422)
        taken = form.cleaned_data["file"]
        try:
            stored = services.upload(
                user=self.user,
                kind=form.cleaned_data["kind"],
                name=taken.name,
                file=taken.file,
                pk=id_in(request.POST, self.user),
            )
        except BadFile as bad:
            form.add_error("file", str(bad))
            return self.show(form, status=422)
        return redirect(stored)

    def show(self, form: UploadForm, *, status: int = 200) -> HttpResponse:
        return render(self.request, "imports/new.html", self.get_context_data(form=form), status=status)


class ImportPage(ImportsPage, View):
    """One import: how far it is, and what each row would do or did; asks for itself again while a worker has it."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Show the import, to htmx its moving part alone."""
        found = self.get_import(pk)
        choice, unread = Choice.of(found, request.GET), found.state == State.NOT_READ
        context = self.get_context_data(
            object=found,
            label=KINDS[found.kind].label,
            totals=totals_of(found),
            changes=changes_of(found),
            goes_too=KINDS[found.kind].goes_too,
            choice=choice,
            may_audit=self.user.may("audit_log.view"),
            page=None if found.is_open or unread else page_of(found, choice, request.GET.get("page", "")),
            form=UploadForm(kinds=self.kinds, initial={"kind": found.kind}) if unread else None,
        )
        template = "imports/progress.html" if request.headers.get("HX-Request") else "imports/import.html"
        return render(request, template, context)


class Act(ImportsPage, View):
    """An act on an import; POST only."""

    http_method_names = ["post"]
    refused = "That cannot be done with this import as it stands."

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        found = self.get_import(pk)
        if not self.act(found):
            messages.error(request, self.refused)
        return redirect(found)

    def act(self, found: Import) -> bool:
        """Do it; False where it cannot be done."""
        raise NotImplementedError


class Apply(Act):
    """Have a worker apply it."""

    def act(self, found: Import) -> bool:
        return services.ask_to_apply(user=self.user, pk=found.pk)


class Again(Act):
    """Have a worker make the dry run once more."""

    def act(self, found: Import) -> bool:
        return services.ask_again(user=self.user, pk=found.pk)


class OtherSheet(Act):
    """Have a worker read another sheet of the workbook."""

    refused = "The workbook is not kept any more. Choose the file again."

    def act(self, found: Import) -> bool:
        return services.ask_to_read(user=self.user, pk=found.pk, sheet=self.request.POST.get("sheet", ""))


class Discard(Act):
    """Throw it away."""

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        found = self.get_import(pk)
        gone = services.discard(pk=found.pk)
        if gone is None:
            messages.error(request, "A worker is at it. Discard it when that has ended.")
            return redirect(found)
        if gone.state == State.APPLIED:
            said = f"The import of {found.file_name} was removed from the list. What it wrote stays as it is."
        else:
            said = f"{found.file_name} was discarded; nothing of it is kept."
        messages.success(request, said)
        return redirect(self.list_url)
