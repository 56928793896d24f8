"""The list of findings, and acknowledging one of them."""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse

from configurator.console.lists.views import RecordList
from configurator.console.objects.views import RightRequired
from health.acknowledgements import views
from health.findings.exports import FINDING_EXPORT
from health.findings.filters import FindingFilter
from health.findings.kinds import KINDS, VIEW_RIGHTS
from health.findings.models import Finding, Look
from health.findings.querysets import FindingQuerySet
from health.findings.services.acknowledgements import FindingSubject
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
        return Finding.objects.seen_by(self.person).select_related("acknowledgement").worst_first()

    def totals(self) -> dict[Any, int]:
        """Return the number of findings of each severity."""
        found: FindingQuerySet = self.found(self.get_queryset())  # type: ignore[assignment]  # filters keep the class
        return found.totals()

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Add when all rules were last applied."""
        return super().get_context_data(**context) | {"look": Look.objects.first()}


class Acknowledge(views.Acknowledge):
    """Acknowledge a finding."""

    list_url = "findings:list"
    of_warning = False
    message = "The finding is acknowledged and counts as open no more."

    def test_func(self) -> bool:
        """Tell whether the user may change the object of the finding."""
        return may_modify(self, self.kwargs["pk"])

    def shown(self) -> Finding:
        """Return the finding; 404 for one that the user may not acknowledge."""
        return get_object_or_404(within_reach(self), pk=self.kwargs["pk"])

    def subject(self) -> FindingSubject:
        """Return the finding."""
        return FindingSubject(self.kwargs["pk"])

    def next_url(self, shown: Finding) -> str:
        """Return the list."""
        return reverse(self.list_url)


class TakeBack(views.TakeBack):
    """Let an acknowledged finding count as open again; POST only."""

    message = "The finding counts as open again."

    def test_func(self) -> bool:
        """Tell whether the user may change the object of the finding."""
        return may_modify(self, self.kwargs["pk"])

    def found(self) -> tuple[FindingSubject, uuid.UUID | None, str]:
        """Return the finding; 404 for one that the user may not acknowledge."""
        finding = get_object_or_404(within_reach(self), pk=self.kwargs["pk"])
        return FindingSubject(finding.pk), finding.acknowledgement_id, reverse("findings:list")


def within_reach(view: RightRequired) -> FindingQuerySet:
    """Return the findings of servers, and of the queues that the user may change."""
    return Finding.objects.visible_to(view.scope("queue.modify"))


def may_modify(view: RightRequired, pk: uuid.UUID) -> bool:
    """Tell whether the user may change what the finding is about; of what is not there, who may change anything."""
    kind = within_reach(view).filter(pk=pk).values_list("kind", flat=True).first()
    kinds = [kind] if kind else list(KINDS)
    return any(view.may(KINDS[each].modify_right) for each in kinds)
