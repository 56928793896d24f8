"""The list of addresses at risk, and the dry run that shows whether one could leave it."""

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.template.defaultfilters import pluralize
from django.urls import reverse
from django.views.generic import View

from configurator.console.lists.views import RecordList
from configurator.console.objects.views import Page, RightRequired
from configurator.db.capped_count import status_totals
from queues.models import QueueAddress
from tokenchecks.models import CheckRun, Kind, Purpose
from tokenchecks.screens.lists.exports import RISK_EXPORT
from tokenchecks.screens.lists.filters import RiskFilter
from tokenchecks.screens.lists.risk import NO_SERVER, at_risk, service_servers, suited, with_risk
from tokenchecks.screens.lists.tables import RiskTable
from tokenchecks.screens.trials.forms import ServerForm
from tokenchecks.screens.trials.panel import trial_panel
from tokenchecks.services.acts import AT_ONCE, dry_run


class RiskList(RecordList):
    model = QueueAddress
    table_class = RiskTable
    filterset_class = RiskFilter
    export = RISK_EXPORT
    template_name = "tokenchecks/risk_list.html"
    list_url = "tokenchecks:risk_list"
    right = "queue.view"
    empty = ("No address uses OAuth User: nothing is at risk.", "")
    own_empty = "No address of your queues uses OAuth User."

    def get_queryset(self) -> QuerySet[QueueAddress]:
        return with_risk(at_risk(self.scope()))

    def totals(self) -> dict[Any, int]:
        return status_totals(self.found(at_risk(self.scope())))

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(**context) | {"at_once": AT_ONCE, "may_run": self.may("token_check.run")}


class TryAll(RightRequired, View):
    """Dry-run the first addresses that the filters match, each with a server of its tenant; POST only."""

    http_method_names = ["post"]
    right = "token_check.run"

    def test_func(self) -> bool:
        return self.may("queue.view") and self.may(self.right)

    def post(self, request: HttpRequest) -> HttpResponse:
        addresses = list(RiskFilter(request.GET, queryset=at_risk(self.scope())).qs[:AT_ONCE])
        servers = suited(addresses)
        moves = [(item, servers[item.server.tenant_id]) for item in addresses if item.server.tenant_id in servers]
        if moves:
            dry_run(actor=self.actor, moves=moves)
            messages.success(request, f"{len(moves)} dry run{pluralize(len(moves))} on the way. Nothing is changed.")
        if left := len(addresses) - len(moves):
            messages.warning(request, f"{left} address{pluralize(left, 'es')} left out. {NO_SERVER}")
        return HttpResponseRedirect(f"{reverse('tokenchecks:risk_list')}?{request.GET.urlencode()}")


class TryUnderService(Page, View):
    """Dry-run one address with an OAuth Service server that is chosen first."""

    list_url = "tokenchecks:risk_list"
    right = "queue.view"

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Show the form, and what the last dry run found."""
        address = self.get_address(pk)
        best = suited([address]).get(address.server.tenant_id)
        return self.ask(address, ServerForm(self.choices(), initial={"server": best}))

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        address = self.get_address(pk)
        form = ServerForm(self.choices(), request.POST)
        if not form.is_valid():
            return self.ask(address, form, status=422)
        dry_run(actor=self.actor, moves=[(address, form.cleaned_data["server"])])
        return HttpResponseRedirect(request.path)

    def get_address(self, pk: uuid.UUID) -> QueueAddress:
        return get_object_or_404(QueueAddress.objects.visible_to(self.scope()).whole(), pk=pk)

    def choices(self) -> Any:
        return service_servers() if self.may("incoming_server.view") else service_servers().none()

    def ask(self, address: QueueAddress, form: ServerForm, *, status: int = 200) -> HttpResponse:
        runs = CheckRun.objects.filter(kind=Kind.ADDRESS, subject_id=address.pk, purpose=Purpose.DRY_RUN)
        last = runs.select_related("told").order_by("-requested_at").first()
        context = self.get_context_data(
            object=address,
            form=form,
            trial=trial_panel(last) if last else None,
            lacks=NO_SERVER if not suited([address]) else "",
            may_run=self.may("token_check.run"),
        )
        return render(self.request, "tokenchecks/dry_run.html", context, status=status)
