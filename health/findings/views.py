"""The list of findings, and acknowledging one of them."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.generic import View

from configurator.console.lists.views import RecordList
from configurator.console.objects.views import Page, RightRequired
from configurator.db.faults import saving
from health.findings import services
from health.findings.counts import totals_of
from health.findings.exports import FINDING_EXPORT
from health.findings.filters import FindingFilter
from health.findings.forms import AcknowledgeForm
from health.findings.kinds import KINDS, VIEW_RIGHTS
from health.findings.models import Finding, Look
from health.findings.querysets import FindingQuerySet
from health.findings.seen import findings_of
from health.findings.tables import FindingTable


class FindingList(RecordList):
    """Findings: the open ones, the gravest first."""

    model = Finding
    table_class = FindingTable
    filterset_class = FindingFilter
    template_name = "findings/list.html"
    list_url = "findings:list"
    right = VIEW_RIGHTS[0]
    export = FINDING_EXPORT
    empty = ("Nothing was found: the set-up keeps to every rule.", "")

    def test_func(self) -> bool:
        """Tell whether the user may view any kind of object that findings are about."""
        return any(self.may(right) for right in VIEW_RIGHTS)

    def export_right(self) -> str:
        """Return the right by which the user sees the list."""
        return next(right for right in VIEW_RIGHTS if self.may(right))

    def get_queryset(self) -> QuerySet[Finding]:
        """Return the findings of what the user may view."""
        return findings_of(self.person).worst_first()

    def totals(self) -> dict[Any, int]:
        """Return the number of findings of each severity."""
        return totals_of(self.found(self.get_queryset()))

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Add when all rules were last asked."""
        return super().get_context_data(**context) | {"look": Look.objects.first()}


class Acknowledge(Page, View):
    """Acknowledge a finding, with a reason."""

    list_url = "findings:list"

    def test_func(self) -> bool:
        """Tell whether the user may change what the finding is about."""
        return may_modify(self, self.kwargs["pk"])

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Ask for the reason."""
        return self.show(AcknowledgeForm(), self.finding(pk))

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Acknowledge it, or say what is wrong."""
        finding, form = self.finding(pk), AcknowledgeForm(request.POST)
        if not form.is_valid():
            return self.show(form, finding, status=422)
        try:
            with saving():
                services.acknowledge(actor=self.actor, pk=pk, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error(None, error)
            return self.show(form, finding, status=422)
        except Finding.DoesNotExist:
            raise Http404 from None
        messages.success(request, "The finding is acknowledged and counts as open no more.")
        return HttpResponseRedirect(reverse(self.list_url))

    def finding(self, pk: uuid.UUID) -> Finding:
        """Return the finding; 404 for one that the user may not acknowledge."""
        return get_object_or_404(within_reach(self), pk=pk)

    def show(self, form: AcknowledgeForm, finding: Finding, *, status: int = 200) -> HttpResponse:
        """Render the page."""
        context = self.get_context_data(form=form, finding=finding)
        return render(self.request, "findings/acknowledge.html", context, status=status)


class TakeBack(RightRequired, View):
    """Let an acknowledged finding count as open again; POST only."""

    http_method_names = ["post"]

    def test_func(self) -> bool:
        """Tell whether the user may change what the finding is about."""
        return may_modify(self, self.kwargs["pk"])

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Take it back and return to the list."""
        get_object_or_404(within_reach(self), pk=pk)
        try:
            services.take_back(actor=self.actor, pk=pk)
        except Finding.DoesNotExist:
            raise Http404 from None
        messages.success(request, "The finding counts as open again.")
        return HttpResponseRedirect(reverse("findings:list"))


def within_reach(view: RightRequired) -> FindingQuerySet:
    """Return the findings of servers, and of the queues that the user may change."""
    return Finding.objects.visible_to(view.scope("queue.modify"))


def may_modify(view: RightRequired, pk: uuid.UUID) -> bool:
    """Tell whether the user may change what the finding is about; of what is not there, who may change anything."""
    kind = within_reach(view).filter(pk=pk).values_list("kind", flat=True).first()
    kinds = [kind] if kind else list(KINDS)
    return any(view.may(KINDS[each].modify_right) for each in kinds)
