"""Paging that costs the same however many rows there are."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django_tables2.rows import BoundRow

from configurator.console.lists import cursors
from configurator.db.capped_count import MOST_COUNTED, counted, said
from configurator.db.keyset import Key, after, first_of, keys_of

SIZES = (25, 50, 100, 200)
USUAL_SIZE = 50


class KeysetPage:
    """The rows of a page, and the tokens of the pages before and after it; "" where there is none."""

    def __init__(self, table: Any, keys: Sequence[Key], found: Sequence[Any], *, back: bool, on: bool) -> None:
        """``back`` and ``on`` say whether there are rows before and after those found."""
        self.object_list = [BoundRow(row, table=table) for row in found]
        self.previous = cursors.written(keys, found[0], backward=True) if back and found else ""
        self.next = cursors.written(keys, found[-1], backward=False) if on and found else ""
        self.last = cursors.LAST

    def __len__(self) -> int:
        return len(self.object_list)

    @property
    def has_other_pages(self) -> bool:
        return bool(self.previous or self.next)


class KeysetPaginator:
    """Pages through all rows of a table, each page as fast as the first; counts no further than MOST_COUNTED."""

    def __init__(self, rows: Any, per_page: int) -> None:
        self.table = rows.table
        self.found: QuerySet[Any] = rows.data.data
        self.per_page = per_page if per_page in SIZES else USUAL_SIZE

    @cached_property
    def count(self) -> int:
        """The number of rows, at most one more than MOST_COUNTED; without a query where a page shows them all."""
        return counted(self.found, MOST_COUNTED)

    @property
    def said(self) -> str:
        return said(self.count)

    @cached_property
    def keys(self) -> list[Key]:
        return keys_of(self.found)

    def page(self, word: object) -> KeysetPage:
        """Return the page of the token in the URL, the first one for any other text."""
        place = cursors.read(self.keys, word)
        page = self.at(place)
        if not page.object_list and place.values is not None:
            # The rows there were deleted: go to the nearest end.
            page = self.at(cursors.Place(not place.backward))
        if not page.has_other_pages:
            self.count = len(page)
        return page

    def at(self, place: cursors.Place) -> KeysetPage:
        """Return the page at the place, in one query: one row more than it shows tells whether the list goes on."""
        keys = [key.reversed for key in self.keys] if place.backward else self.keys
        ranges = [] if place.values is None else after(keys, place.values)
        found = first_of(self.found, keys, ranges, self.per_page + 1)
        more, come_from = len(found) > self.per_page, place.values is not None
        shown = found[: self.per_page]
        if place.backward:
            return KeysetPage(self.table, self.keys, shown[::-1], back=more, on=come_from)
        return KeysetPage(self.table, self.keys, shown, back=come_from, on=more)


class Paged:
    request: HttpRequest

    def get_table_pagination(self, _table: Any) -> dict[str, Any]:
        return {
            "paginator_class": KeysetPaginator,
            "per_page": USUAL_SIZE,
            "page": self.request.GET.get("page", ""),
        }
