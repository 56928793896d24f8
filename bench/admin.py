"""Django's own admin over the tables of the lists: the same columns, searches and filters.

Of the filters those in which text is typed are left out, since the admin has none of the kind; a server, which it lets
choose where the console asks for a name, is one of its own.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.admin import AdminSite, ModelAdmin, SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest

from bench.bare import ROWS
from configurator.accounts.scope import WHOLE
from configurator.audit.models import AuditEvent
from configurator.console.history.log import AuditFilter
from configurator.console.lists.filters import RecordFilter
from mailsettings.filters import IncomingServerFilter
from mailsettings.models import IncomingServer
from queues.models import Queue, QueueAddress
from tokenchecks.models import CheckRun, Watch
from tokenchecks.screens.lists.filters import AddressFilter, CheckRunFilter, WatchFilter


class Site(AdminSite):
    """An admin that whoever signed in may look at."""

    def has_permission(self, request: HttpRequest) -> bool:
        """Tell whether somebody signed in."""
        return bool(request.user.is_authenticated)


if TYPE_CHECKING:
    Admin = ModelAdmin[Any]  # the class is a generic one for checkers alone
else:
    Admin = ModelAdmin


class Shown(Admin):
    """A list to look at, with as many rows on a page as the console's."""

    list_per_page = ROWS

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let everybody look."""
        return True

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Let everybody look."""
        return True


class Chosen(SimpleListFilter):
    """A filter of the console, with its choices."""

    filters: ClassVar[type[RecordFilter]]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        """Return what the console lets choose."""
        choices = self.filters.base_filters[self.parameter_name].extra["choices"]
        return list(choices() if callable(choices) else choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep what the console keeps."""
        value = self.value()
        if not value:
            return queryset
        found: QuerySet[Any] = self.filters({str(self.parameter_name): value}, queryset, request=request).qs
        return found


def same(filters: type[RecordFilter], *names: str) -> Iterator[type[Chosen]]:
    """Yield the filters of these names, for the admin."""
    for name in names:
        told = {"title": filters.base_filters[name].label, "parameter_name": name, "filters": filters}
        yield type(f"Chosen{name}", (Chosen,), told)


class QueueAdmin(Shown):
    """Queues."""

    list_display = ("status", "name", "description", "language", "priority", "enabled", "address_count")
    search_fields = ("name", "description", "addresses__address", "addresses__account")
    list_filter = ("status", "enabled", "group")
    ordering = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Count the addresses as the console does."""
        return Queue.objects.with_use()

    def address_count(self, queue: Any) -> int:
        """Return how many addresses it has."""
        return int(queue.address_count)


class AddressAdmin(Shown):
    """Addresses of queues."""

    list_display = ("status", "address", "queue", "account", "server", "type_", "priority", "language", "checked_at")
    search_fields = ("address", "account", "queue__name", "server__name", "server__client_id")
    list_filter = (
        "status",
        "server__authentication_type",
        "server",
        "queue__enabled",
        *same(AddressFilter, "cause", "checked"),
    )
    list_select_related = ("queue", "server")
    ordering = ("address_key",)

    def type_(self, address: QueueAddress) -> str:
        """Return the authentication type."""
        return str(address.server.get_authentication_type_display())

    def priority(self, address: QueueAddress) -> str:
        """Return the priority that counts."""
        return str(address.effective_priority.value)

    def language(self, address: QueueAddress) -> str:
        """Return the language that counts."""
        return str(address.effective_language.value)


class ServerAdmin(Shown):
    """Incoming servers."""

    list_display = ("status", "name", "authentication_type", "login_host", "tenant_id", "queues", "secret_expires_on")
    search_fields = ("name", "login_host", "tenant_id", "client_id")
    list_filter = ("status", "authentication_type", *same(IncomingServerFilter, "ends", "checked"))
    ordering = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Count the queues as the console does."""
        return IncomingServer.objects.with_use(WHOLE)

    def queues(self, server: Any) -> int:
        """Return how many queues it serves."""
        return int(server.queue_count)


class RunAdmin(Shown):
    """Single checks."""

    list_display = ("state", "outcome", "subject_name", "kind", "requested_at", "requested_by", "attempt")
    search_fields = ("subject_name", "result__code")
    list_filter = ("kind", "state", *same(CheckRunFilter, "result__status", "cause", "ended"))
    list_select_related = ("result",)
    ordering = ("-requested_at",)

    def outcome(self, run: CheckRun) -> str:
        """Return status and code."""
        return f"{run.result.status} {run.result.code}"


class WatchAdmin(Shown):
    """What is watched."""

    list_display = ("status", "name", "cause", "since", "last_good_at", "checked_at", "due_at")
    search_fields = ("name", "code")
    list_filter = ("status", "kind", *same(WatchFilter, "cause", "error_class", "who", "checked", "due"))
    ordering = ("rank", "-since")


class EventAdmin(Shown):
    """The audit log."""

    list_display = ("at", "actor_name", "action", "kind", "object_name", "before", "after", "request_id")
    search_fields = ("actor_name", "object_name")
    list_filter = tuple(same(AuditFilter, "kind", "action", "field"))
    ordering = ("-seq",)


site = Site()
for model, admin in (
    (Queue, QueueAdmin),
    (QueueAddress, AddressAdmin),
    (IncomingServer, ServerAdmin),
    (CheckRun, RunAdmin),
    (Watch, WatchAdmin),
    (AuditEvent, EventAdmin),
):
    site.register(model, admin)
