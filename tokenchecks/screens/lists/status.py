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

STANDING, SINGLE = "How everything stands", "Single checks"


class CheckList(RecordList):
    """One of the two lists of Token Checks."""

    template_name = "tokenchecks/run_list.html"
    list_url = "tokenchecks:standing_list"
    right = "token_check.view"
    tab: ClassVar[str]

    def rhythm(self) -> str:
        """Say how often each is looked at, where that is to be said."""
        return ""

    def new_round_id(self) -> str:
        """Return the id of the round that Check all begins, so that pressing it twice begins one."""
        return signed_id(self.person)

    def tabs(self) -> list[tuple[str, str]]:
        """Return the label of each list and where it is."""
        return [(STANDING, reverse("tokenchecks:standing_list")), (SINGLE, reverse("tokenchecks:run_list"))]

    def export_name(self) -> str:
        """Return which of the two lists it is."""
        return f"{super().export_name()}, {self.tab}"

    def visible(self) -> list[str]:
        """Return the kinds that the user may view."""
        return [kind for kind, right in VIEW_RIGHT.items() if self.may(right)]


class StandingList(CheckList):
    """How everything stands that the user may view."""

    model = Watch
    table_class = WatchTable
    filterset_class = WatchFilter
    export = WATCH_EXPORT
    tab = STANDING
    empty = ("Nothing is watched yet. Save a server or an address, and it is checked again and again.", "")

    def rhythm(self) -> str:
        """Say how often each is looked at."""
        now = timezone.now()
        every = timesince(now - settings.CHECK_EVERY, now)
        return (
            f"What works is checked every {every}. What only a person can mend is checked once a day, and after an "
            "edit here at once: when it was mended at Microsoft, press Check now."
        )

    def watches(self) -> WatchQuerySet:
        """Return the watches of what the user may view."""
        return Watch.objects.visible_to(self.scope()).filter(kind__in=self.visible())

    def get_queryset(self) -> QuerySet[Watch]:
        """Return the watches: the worst first, and of those the newest change."""
        return self.watches().order_by("rank", "-since", "id")

    def totals(self) -> dict[Any, int]:
        """Return how many stand how."""
        return status_totals(self.found(self.watches()))
