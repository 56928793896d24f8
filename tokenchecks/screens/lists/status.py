"""Token Checks: everything that is watched, the worst first."""

from typing import Any, ClassVar

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince

from configurator.console.lists.views import RecordList
from configurator.console.objects.new_records import signed_id
from configurator.db.capped_count import status_totals
from tokenchecks.models import Watch
from tokenchecks.models.querysets import WatchQuerySet
from tokenchecks.screens.lists.exports import WATCH_EXPORT
from tokenchecks.screens.lists.filters import WatchFilter
from tokenchecks.screens.lists.tables import WatchTable
from tokenchecks.subjects.stored_rows import VIEW_RIGHT

EVERYTHING, SINGLE = "How everything stands", "Single checks"


class CheckList(RecordList):
    """One of the two lists of Token Checks."""

    template_name = "tokenchecks/run_list.html"
    list_url = "tokenchecks:standing_list"
    right = "token_check.view"
    tab: ClassVar[str]

    def rhythm(self) -> str:
        """How often each is checked, in words, where the page shows it."""
        return ""

    def new_round_id(self) -> str:
        """The ID of the round that Check all begins, so that pressing it twice begins one."""
        return signed_id(self.person)

    def tabs(self) -> list[tuple[str, str]]:
        return [(EVERYTHING, reverse("tokenchecks:standing_list")), (SINGLE, reverse("tokenchecks:run_list"))]

    def export_name(self) -> str:
        return f"{super().export_name()}, {self.tab}"

    def visible(self) -> list[str]:
        return [kind for kind, right in VIEW_RIGHT.items() if self.may(right)]


class StatusList(CheckList):
    model = Watch
    table_class = WatchTable
    filterset_class = WatchFilter
    export = WATCH_EXPORT
    tab = EVERYTHING
    empty = ("Nothing is watched yet. Save a server or an address, and it is checked again and again.", "")

    def rhythm(self) -> str:
        now = timezone.now()
        every = timesince(now - settings.CHECK_EVERY, now)
        return (
            f"What works is checked every {every}. What only a person can mend is checked once a day, and after an "
            "edit here at once: when it was mended at Microsoft, press Check now."
        )

    def watches(self) -> WatchQuerySet:
        return Watch.objects.visible_to(self.scope()).filter(kind__in=self.visible())

    def get_queryset(self) -> QuerySet[Watch]:
        """Return the watches: the worst first, and of those the newest change."""
        return self.watches().order_by("rank", "-since", "id")

    def totals(self) -> dict[Any, int]:
        return status_totals(self.found(self.watches()))
