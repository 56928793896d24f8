"""Search and filters of watches, checks and addresses."""

from typing import Any, get_args

import django_filters
from django.conf import settings
from django.db.models import Q, QuerySet

from configurator.console.lists.filters import (
    CheckedFilter,
    EnabledFilter,
    RecordFilter,
    StatusFilter,
    TextFilter,
    TickedFilter,
)
from configurator.db.trigram import found_in, holding
from configurator.status import Status
from mailsettings.filters import TypeFilter
from mailsettings.models import IncomingServer
from queues.models import Queue, QueueAddress
from tokenchecks.engine.explain.catalogue import Class, Who, catalogue
from tokenchecks.engine.explain.explanation import explain_cause
from tokenchecks.models import CheckResult, CheckRun, Kind, State, Watch
from tokenchecks.models.querysets import CheckRunQuerySet, WatchQuerySet

SERVERS = "incoming_server.view"


class CauseFilter(django_filters.ChoiceFilter):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": "Cause", "choices": causes, "empty_label": "Any cause"} | kwargs)


class ServerFilter(TextFilter):
    """Addresses on servers whose name contains the text; a text field, since there may be thousands."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": "E-Mail Server"} | kwargs)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        return qs.filter(server__in=IncomingServer.objects.filter(holding(value, "name"))) if value else qs


def causes() -> list[tuple[str, str]]:
    """Return every cause that a check can find, by its title."""
    known = ((key, explain_cause(key, "incoming").title) for key in catalogue().causes)
    return sorted(known, key=lambda choice: choice[1])


class CheckRunFilter(RecordFilter):
    """Search by subject and code; filter by result, cause, kind and state."""

    placeholder = "server, address, code"
    result__status = django_filters.ChoiceFilter(label="Status", choices=Status.choices[:3], empty_label="Any status")
    kind = django_filters.ChoiceFilter(label="Of", choices=Kind.choices, empty_label="Anything")
    state = django_filters.ChoiceFilter(label="State", choices=State.choices, empty_label="Any state")
    ended = django_filters.ChoiceFilter(
        label="Ended",
        choices=[("hour", "Within an hour"), ("day", "Within a day")],
        empty_label="Whenever",
        method="by_end",
    )
    cause = CauseFilter(method="by_cause")

    class Meta:
        model = CheckRun
        fields = ["q", "result__status", "kind", "state", "cause", "ended"]

    def by_end(self, queryset: CheckRunQuerySet, _name: str, value: str) -> QuerySet[Any]:
        return queryset.ended_within(value)

    def by_cause(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(pk__in=CheckResult.objects.filter(~Q(cause=""), cause=value).values("pk"))


class RiskFilter(RecordFilter):
    placeholder = "address, account"
    status = StatusFilter()
    server = ServerFilter()
    checked = CheckedFilter()

    class Meta:
        model = QueueAddress
        fields = ["q", "status", "server", "checked"]


def in_words(names: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ").capitalize()) for name in names]


class WatchFilter(RecordFilter):
    """Search by name and code; filter by status, cause, kind, who corrects it, and last check."""

    placeholder = "server, address, code"
    more = ("error_class", "who", "checked", "due")
    status = StatusFilter(method="by_status")
    kind = django_filters.ChoiceFilter(label="Of", choices=Kind.choices, empty_label="Anything")
    error_class = django_filters.ChoiceFilter(
        label="What is wrong", choices=in_words(get_args(Class)), empty_label="Anything"
    )
    cause = CauseFilter(method="by_cause")
    who = django_filters.ChoiceFilter(label="Who mends it", choices=in_words(get_args(Who)), empty_label="Anybody")
    checked = CheckedFilter()

    due = django_filters.ChoiceFilter(
        label="Next", choices=[("overdue", "Overdue")], empty_label="Whenever", method="by_due"
    )

    class Meta:
        model = Watch
        fields = ["q", "status", "kind", "cause", "error_class", "who", "checked", "due"]

    def by_due(self, queryset: WatchQuerySet, _name: str, _value: str) -> QuerySet[Any]:
        """Keep those that are overdue."""
        return queryset.overdue()

    def by_cause(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(~Q(cause=""), cause=value)

    def by_status(self, queryset: WatchQuerySet, _name: str, value: str) -> QuerySet[Any]:
        return queryset.in_state(Status(value))


class AddressFilter(RecordFilter):
    """Search by address, account, queue and server; filter by the rest.

    Of a server that the user may not view, only its name is searched, which the row shows.
    """

    placeholder = "address, account, queue, server"
    more = ("server", "tenant", "sender", "language", "enabled", "checked")
    status = StatusFilter()
    cause = CauseFilter(method="by_cause")
    authentication_type = TypeFilter(field_name="server__authentication_type")
    server = ServerFilter()
    tenant = TextFilter(label="Tenant ID", method="by_tenant")
    sender = TickedFilter(label="Sender")
    language = TextFilter(label="Language", method="by_language")
    enabled = EnabledFilter(label="Queue", field_name="queue__enabled")
    checked = CheckedFilter()

    class Meta:
        model = QueueAddress
        fields = ["q", "status", "cause", "authentication_type", "server", "tenant", "sender", "language"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Leave out filters by server for users who may not view servers."""
        super().__init__(*args, **kwargs)
        if not self.may(SERVERS):
            for name in ("tenant", "authentication_type"):
                del self.form.fields[name]

    def search(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep the addresses that contain the text, and those on queues and servers that do."""
        text, every = value.strip(), QueueAddress.objects.order_by().values_list("pk", flat=True)
        of_server = ("name", "login_host", "tenant_id", "client_id") if self.may(SERVERS) else ("name",)
        servers = IncomingServer.objects.filter(holding(text, *of_server)).order_by()
        queues = Queue.objects.filter(holding(text, "name")).order_by()
        own = holding(text, "address", "account")
        parts = (every.filter(own), every.filter(queue__in=queues), every.filter(server__in=servers))
        of_others = holding(text, "queue__name", *(f"server__{name}" for name in of_server))
        return found_in(queryset, parts, own | of_others)

    def by_cause(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        wrong = Watch.objects.filter(~Q(cause=""), kind=Kind.ADDRESS, cause=value).order_by()
        return queryset.filter(pk__in=wrong.values("subject_id"))

    def by_tenant(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(server__in=IncomingServer.objects.filter(holding(value, "tenant_id")))

    def by_language(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep those whose answers are in the language: their own, else their queue's, else the system's."""
        inherited = Q(queue__language__iexact=value)
        if value.lower() == settings.LANGUAGE_DEFAULT.lower():
            inherited |= Q(queue__language="")
        return queryset.filter(Q(extension_language__iexact=value) | Q(inherited, extension_language=""))
