"""The set-up sheet of a queue, and the page of a support bundle."""

import uuid

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.generic import View

from configurator.accounts.models import User
from configurator.console.exports.services import list_exported
from configurator.console.objects.views import Page
from configurator.version import VERSION
from queues.models import Queue
from support.bundle import Rows, bundle, files_of
from support.extent import ESTATE, RIGHTS, Extent, extent_of
from support.readme import WHAT
from support.sheet import sheet_of


def viewer(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101  LoginRequiredMiddleware let the request pass
    return request.user


class SetUpSheet(Page, View):
    """How a queue is set up, on one or two sheets of paper."""

    list_url = "queues:queue_list"
    right = "queue.view"

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        queue = get_object_or_404(Queue.objects.visible_to(self.scope()), pk=pk)
        context = self.get_context_data(
            object=queue, sheet=sheet_of(queue, viewer(request)), printed_at=timezone.now(), version=VERSION
        )
        return render(request, "support/sheet.html", context)


class Bundle(Page, View):
    """The content of a support bundle; with ``format=zip`` in the URL the bundle itself."""

    list_url = "support:bundle"

    def test_func(self) -> bool:
        """Return whether the user may view the objects of the bundle, of the whole estate any of them."""
        kind = self.kwargs.get("kind", ESTATE)
        return any(map(self.may, RIGHTS.values())) if kind == ESTATE else self.may(RIGHTS.get(kind, "queue.view"))

    def get(self, request: HttpRequest, kind: str = ESTATE, pk: uuid.UUID | None = None) -> HttpResponseBase:
        """Show what would be in it, or send it."""
        extent = extent_of(viewer(request), kind, pk)
        files = files_of(self.may)
        if request.GET.get("format") == "zip":
            return self.download(extent, files)
        context = self.get_context_data(extent=extent, files=[(name, WHAT[name]) for name in files])
        return render(request, "support/bundle.html", context)

    def download(self, extent: Extent, files: dict[str, Rows]) -> StreamingHttpResponse:
        """Record the export, then send it piece by piece."""
        pseudonyms = "pseudonyms" in self.request.GET
        name = "Support bundle" if extent.is_estate else f"Support bundle of {extent.name}"
        said = {"Pseudonyms": "Yes" if pseudonyms else "No"}
        list_exported(actor=self.actor, right=extent.right, name=name, format_="ZIP", filters=said)
        parts = bundle(extent, files, by=self.actor.name, pseudonyms=pseudonyms)
        answer = StreamingHttpResponse(parts, content_type="application/zip")
        about = extent.kind if extent.is_estate or pseudonyms else slugify(extent.name) or extent.kind
        file_name = f"support-bundle-{about}-{timezone.localdate():%Y-%m-%d}.zip"
        answer["Content-Disposition"] = f'attachment; filename="{file_name}"'
        return answer
