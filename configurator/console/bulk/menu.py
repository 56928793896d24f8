"""What a list's page shows of the actions: which the user may do, and what is sent along with the ticks."""

from dataclasses import dataclass
from typing import Any, ClassVar

from configurator.console.bulk.actions import BulkAction, BulkList


@dataclass(frozen=True)
class Offer:
    """The actions that somebody may do with the rows of a list, each with where it begins."""

    rows: BulkList
    actions: list[tuple[BulkAction, str]]
    query: str
    back: str


def offer(rows: BulkList, user: Any, *, query: str, back: str) -> Offer | None:
    """Return what to offer; None for somebody who may do nothing with the rows."""
    actions = [(action, rows.url(action)) for action in rows.actions if action.allowed(user)]
    return Offer(rows, actions, query, back) if actions else None


class Tickable:
    """A result list whose rows can be ticked: it names its ``bulk``."""

    bulk: ClassVar[BulkList]
    request: Any

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        parent: Any = super()
        request = self.request
        offered = offer(self.bulk, request.user, query=request.GET.urlencode(), back=request.get_full_path())
        found: dict[str, Any] = parent.get_context_data(**context) | {"bulk": offered}
        return found
