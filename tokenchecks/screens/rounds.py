"""Check all: begin a round, follow it, cancel what waits."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.generic import View

from configurator.console.objects.new_records import id_in
from configurator.console.objects.views import Page, RightRequired
from tokenchecks.models import CheckRound
from tokenchecks.screens.progress import progress_of
from tokenchecks.services.limits import TooManyChecks
from tokenchecks.services.rounds import round_begin, round_cancel
from tokenchecks.subjects.stored_rows import VIEW_RIGHT
from tokenchecks.subjects.targets import every_target, seen_targets


class CheckAll(RightRequired, View):
    """Queue a check of everything the user may view; POST only."""

    http_method_names = ["post"]
    right = "token_check.run"

    def post(self, request: HttpRequest) -> HttpResponse:
        seen = seen_targets(every_target(), self.scope())
        targets = [target for target in seen if self.may(VIEW_RIGHT[target.kind])]
        if not targets:
            messages.info(request, "There is nothing to check yet.")
            return redirect("tokenchecks:standing_list")
        try:
            return redirect(round_begin(actor=self.actor, targets=targets, pk=id_in(request.POST, self.person)))
        except TooManyChecks as too_many:
            messages.warning(request, str(too_many))
            return redirect("tokenchecks:standing_list")


class RoundPage(Page, View):
    """One round: progress and results; polls while checks wait."""

    list_url = "tokenchecks:standing_list"
    right = "token_check.view"

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        round_ = get_object_or_404(CheckRound, pk=pk)
        kinds = [kind for kind, right in VIEW_RIGHT.items() if self.may(right)]
        template = "tokenchecks/round_progress.html" if request.headers.get("HX-Request") else "tokenchecks/round.html"
        context = self.get_context_data(
            object=round_, progress=progress_of(round_, kinds, self.scope()), may_run=self.may("token_check.run")
        )
        return render(request, template, context)


class RoundCancel(RightRequired, View):
    """Cancel what waits; POST only."""

    http_method_names = ["post"]
    right = "token_check.run"

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        round_ = get_object_or_404(CheckRound, pk=pk)
        if not self.scope().is_whole and round_.requested_by != self.person.username:
            raise PermissionDenied
        taken = round_cancel(actor=self.actor, round_=round_)
        messages.success(request, f"{taken} checks were taken back; those under way still end.")
        return redirect(round_)
