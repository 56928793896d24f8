"""The lists behind the figures of the start page: the problems, and what stops with them."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from configurator.console.exports.views import Menu
from configurator.console.lists.views import RecordList
from configurator.dates import NotADate, read_date
from configurator.db.capped_count import status_totals
from health.alarms.filters import ProblemFilter, StoppedAddressFilter, StoppedQueueFilter
from health.problems.affected import broken_by, stopped_by
from health.problems.counting import counting
from health.problems.upcoming import stopped_on
from queues.exports import STOPPED_EXPORT
from queues.models import Queue, QueueAddress
from queues.tables import StoppedTable
from queues.views.queues import QueueList
from tokenchecks.models import Watch
from tokenchecks.screens.lists.status import StatusList
from tokenchecks.subjects.stored_rows import VIEW_RIGHT, watched_by


class ProblemList(StatusList):
    """What is watched and counts as a problem: all of it, or what shares a cause."""

    filterset_class = ProblemFilter
    tab = "What needs mending"
    empty = ("Nothing is broken, and nothing is warned of.", "")

    def rhythm(self) -> str:
        """Leave out how often each is looked at."""
        return ""

    def tabs(self) -> list[tuple[str, str]]:
        """Add this list to the two of Token Checks."""
        return [*super().tabs(), (self.tab, self.request.path)]

    def get_queryset(self) -> QuerySet[Watch]:
        """Return what counts."""
        return counting(super().get_queryset())

    def totals(self) -> dict[Any, int]:
        """Return how many are broken and how many warned of."""
        return status_totals(self.found(counting(self.watches())))


class Stopped(RecordList):
    """What stops with a cause, or on the day on which secrets end, as the page's address says."""

    template_name = "alarms/stopped.html"
    list_url = "queues:queue_list"
    right = "queue.view"

    def addresses(self) -> QuerySet[QueueAddress]:
        """Return the addresses that stop: without a choice those that do now; 404 for a day that is none."""
        query = self.request.GET
        if query.get("day"):
            return (
                stopped_on(self.day(query["day"]), self.scope())
                if self.may("incoming_server.view")
                else QueueAddress.objects.none()
            )
        kinds = [kind for kind, right in VIEW_RIGHT.items() if self.may(right)]
        chosen = {"cause": query["cause"], "scope": query.get("scope", "")} if query.get("cause") else {}
        return stopped_by(broken_by(kinds, watched_by(self.person), **chosen), self.scope())

    @staticmethod
    def day(text: str) -> Any:
        """Return the day; 404 for what is none."""
        try:
            return read_date(text).day
        except NotADate as error:
            raise Http404 from error


class StoppedAddresses(Stopped):
    """The addresses that stop."""

    model = QueueAddress
    table_class = StoppedTable
    filterset_class = StoppedAddressFilter
    export = STOPPED_EXPORT
    empty = ("No address stops.", "")

    def get_queryset(self) -> QuerySet[QueueAddress]:
        """Return the addresses, queue by queue."""
        return self.addresses().select_related("queue", "server").order_by("queue__name", "address_key")

    def totals(self) -> dict[Any, int]:
        """Return the number of addresses in each state."""
        return status_totals(self.found(self.addresses()))

    def export_name(self) -> str:
        """Return what is taken away."""
        return "Addresses that stop"


class StoppedQueues(Stopped, QueueList):
    """The queues whose addresses stop."""

    filterset_class = StoppedQueueFilter
    create_url = import_kind = ""
    empty = ("No queue stops.", "")

    def get_queryset(self) -> QuerySet[Queue]:
        """Return the queues with how many addresses each has."""
        rows: QuerySet[Queue] = self.queues().with_use().order_by("name", "id")
        return rows

    def queues(self) -> Any:
        """Return the queues."""
        return Queue.objects.filter(pk__in=self.addresses().order_by().values("queue"))

    def totals(self) -> dict[Any, int]:
        """Return the number of queues in each state."""
        return status_totals(self.found(self.queues()))

    def menus(self) -> list[Menu]:
        """Return the exports of the queues."""
        return super(QueueList, self).menus()

    def export_name(self) -> str:
        """Return what is taken away."""
        return "Queues that stop"
