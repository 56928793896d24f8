"""Search and filters of the token checks."""

import django_filters

from configurator.console.filters import RecordFilter
from configurator.console.status import Status
from mailsettings.models import IncomingServer
from queues.models import QueueAddress
from tokenchecks.models import CheckRun, Kind, State


class CheckRunFilter(RecordFilter):
    """Search by subject and code; filter by what came of it, what was checked, and state."""

    placeholder = "server, address, code"
    result__status = django_filters.ChoiceFilter(label="Status", choices=Status.choices[:3], empty_label="Any status")
    kind = django_filters.ChoiceFilter(label="Of", choices=Kind.choices, empty_label="Anything")
    state = django_filters.ChoiceFilter(label="State", choices=State.choices, empty_label="Any state")

    class Meta:
        model = CheckRun
        fields = ["q", "result__status", "kind", "state"]


class RiskFilter(RecordFilter):
    """Search by address and account; filter by status and server."""

    placeholder = "address, account"
    status = django_filters.ChoiceFilter(label="Status", choices=Status.choices[:4], empty_label="Any status")
    server = django_filters.ModelChoiceFilter(
        label="E-Mail Server",
        queryset=IncomingServer.objects.filter(authentication_type="oauth_user"),
        empty_label="Any server",
    )

    class Meta:
        model = QueueAddress
        fields = ["q", "status", "server"]
