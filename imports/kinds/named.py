"""Looking up what rows name by Id or by name: queues and servers."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from configurator.console.records import Record
from imports.kinds.base import Line, as_guid

Row = TypeVar("Row", bound=Record)


class Named(Generic[Row]):
    """What some hundred rows name in the columns ``label Id`` and ``label``, looked up in one question."""

    def __init__(self, rows: "QuerySet[Any]", lines: Sequence[Line], label: str) -> None:
        """Look all of it up."""
        self.label = label
        ids = {found for line in lines if (found := as_guid(line.text(f"{label} Id")))}
        names = {name for line in lines if (name := line.text(label)) and "\x00" not in name}
        self.by_id: dict[uuid.UUID, Row] = {}
        self.by_name: dict[str, list[Row]] = defaultdict(list)
        if ids or names:
            for row in rows.filter(Q(pk__in=ids) | Q(name__in=names)):
                self.by_id[row.pk] = row
                self.by_name[row.name].append(row)

    def is_named(self, line: Line) -> bool:
        """Tell whether the row names one."""
        return bool(line.text(f"{self.label} Id") or line.text(self.label))

    def find(self, line: Line) -> Row | None:
        """Return what the row names, None where there is no such thing; ValidationError where it is not clear which."""
        name = line.text(self.label)
        found = self.by_id.get(as_guid(line.text(f"{self.label} Id")) or uuid.UUID(int=0))
        if found:
            if name and name != getattr(found, "name", name):
                raise ValidationError(
                    f"{self.label} Id and {self.label} name different ones: that Id is {found}'s. Empty one of the two."
                )
            return found
        alike = self.by_name.get(name, [])
        if len(alike) > 1:
            raise ValidationError(f"{len(alike)} bear the name {name}. Enter the {self.label} Id.")
        return alike[0] if alike else None
