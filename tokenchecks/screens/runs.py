"""The check panel of every object page, the list of checks, and one check's page."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.generic import View

from configurator.console.frame.redirects import next_url
from configurator.console.objects.views import Page, RightRequired
from tokenchecks.models import CheckRun
from tokenchecks.screens.history import OfSubject
from tokenchecks.screens.lists.exports import RUN_EXPORT
from tokenchecks.screens.lists.filters import CheckRunFilter
from tokenchecks.screens.lists.status import SINGLE, CheckList
from tokenchecks.screens.lists.tables import CheckRunTable
from tokenchecks.screens.panel import panel_of
from tokenchecks.services.limits import TooManyChecks
from tokenchecks.services.queue import check_now
from tokenchecks.subjects.stored_rows import VIEW_RIGHT, is_stored, reaches
from tokenchecks.subjects.targets import Target, seen_targets, targets_of


class RunList(CheckList):
    model = CheckRun
    table_class = CheckRunTable
    filterset_class = CheckRunFilter
    export = RUN_EXPORT
    tab = SINGLE
    empty = ("No check has run yet. Save a server or an address, or press Check now on one.", "")

    def get_queryset(self) -> QuerySet[CheckRun]:
        runs = CheckRun.objects.visible_to(self.scope()).filter(kind__in=self.visible(), purpose="check")
        return runs.select_related("result").order_by("-requested_at")


class RunPage(Page, View):
    list_url = "tokenchecks:standing_list"
    right = "token_check.view"

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Show the run; 404 for one whose subject the user may not view."""
        seen = CheckRun.objects.visible_to(self.scope())
        run = get_object_or_404(seen.filter(purpose="check").select_related("result"), pk=pk)
        if not self.may(VIEW_RIGHT[run.kind]):
            raise Http404
        context = self.get_context_data(
            object=run, panel=panel_of(run, scope=self.scope()), may_run=self.may("token_check.run")
        )
        return render(request, "tokenchecks/run.html", context)


class Panel(OfSubject, View):
    """The newest check of a subject, as the part of a page that polls."""

    def get(self, request: HttpRequest, kind: str, pk: uuid.UUID) -> HttpResponse:
        row = self.subject(kind, pk)
        seen = CheckRun.objects.visible_to(self.scope())
        run = seen.of(kind, pk).select_related("result").first()
        context = {
            "panel": panel_of(run, row, scope=self.scope()),
            "kind": kind,
            "subject_id": pk,
            "may_run": self.may("token_check.run"),
        }
        return render(request, "tokenchecks/panel.html", context)


class CheckNow(RightRequired, View):
    """Queue a check of an object and of what a check of it covers; POST only."""

    http_method_names = ["post"]
    right = "token_check.run"

    def post(self, request: HttpRequest, kind: str, pk: uuid.UUID) -> HttpResponse:
        """Queue the checks and return to the page with the button; 404 for what is deleted or hidden."""
        if not self.may(VIEW_RIGHT.get(kind, "queue.view")):
            raise PermissionDenied
        if not is_stored(kind, pk) or not reaches(self.scope(), kind, pk):
            raise Http404
        targets = seen_targets(targets_of(kind, pk), self.scope())
        self.ask(targets)
        return HttpResponseRedirect(next_url(request))

    def ask(self, targets: list[Target]) -> None:
        """Queue a check of each target, with a message."""
        if not targets:
            messages.info(self.request, "There is nothing to check here yet.")
            return
        try:
            runs = check_now(actor=self.actor, targets=targets)
        except TooManyChecks as too_many:
            messages.warning(self.request, str(too_many))
            return
        several = f"{len(runs)} checks are on their way."
        messages.success(self.request, several if len(runs) > 1 else "The check is on its way.")
