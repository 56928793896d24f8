"""Actions that give every row the same value, or take every row away."""

import copy
from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

from configurator.accounts.actor import Actor
from configurator.console.bulk.actions import BulkAction, RowPreview, Values


class ChangeField(BulkAction):
    """Give one field of each row a value."""

    field: ClassVar[str]
    ahead, done = "Will change", "Changed"

    @abstractmethod
    def shown(self, row: Any) -> str:
        """Return what counts for the row, and where it comes from where that is not the row itself."""

    def value(self, values: Values) -> Any:
        return values[self.field]

    def give(self, rows: Sequence[Any], values: Values) -> None:
        for row in rows:
            setattr(row, self.field, self.value(values))

    def refused(self, row: Any) -> str:
        """Return why the row, which has the value already, may not be saved; "" where it may."""
        return ""

    def preview(self, actor: Actor, rows: Sequence[Any], values: Values) -> list[RowPreview]:
        """Compare what each row shows before and after."""
        value = self.value(values)
        return [self._preview_row(row, value) for row in rows]

    def _preview_row(self, row: Any, value: Any) -> RowPreview:
        """Compare one row with a copy that has the value."""
        then = copy.copy(row)
        setattr(then, self.field, value)
        before = self.shown(row)
        if getattr(row, self.field) == value:
            return RowPreview(before, before, changes=False)
        refused = self.refused(then)
        return RowPreview(before, "" if refused else self.shown(then), refused)
