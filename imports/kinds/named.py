"""Looking up what rows name by Id or by name: queues and servers."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from configurator import signs
from configurator.console.records.names import name_key
from configurator.console.records.record import Record
from imports.kinds.lines import Line, as_guid

Row = TypeVar("Row", bound=Record)


class Named(Generic[Row]):
    """What some hundred rows name in the columns ``by_id`` and ``by_name``, looked up in one query."""

    def __init__(self, rows: "QuerySet[Any]", lines: Sequence[Line], *, by_id: str, by_name: str) -> None:
        self.id_label, self.label = by_id, by_name
        ids = {found for line in lines if (found := as_guid(line.text(by_id)))}
        keys = {name_key(name) for line in lines if (name := line.name(by_name)) and "\x00" not in name}
        self.by_id: dict[uuid.UUID, Row] = {}
        self.by_key: dict[str, list[Row]] = defaultdict(list)
        if ids or keys:
            for row in rows.filter(Q(pk__in=ids) | Q(name_key__in=keys)):
                self.by_id[row.pk] = row
                self.by_key[row.name_key].append(row)

    def is_named(self, line: Line) -> bool:
        return bool(line.text(self.id_label) or line.text(self.label))

    def get(self, pk: str) -> Row | None:
        return self.by_id.get(as_guid(pk) or uuid.UUID(int=0))

    def of_id(self, line: Line) -> Row | None:
        return self.get(line.text(self.id_label))

    def rows_named_in(self, line: Line) -> list[Row]:
        """Return the rows of exactly that name, else those whose name differs in invisible characters only."""
        name = line.name(self.label)
        rows = self.by_key.get(name_key(name), [])
        return [row for row in rows if _name(row) == name] or [row for row in rows if signs.tidy(_name(row)) == name]

    def twins(self, saved: Row) -> list[str]:
        """Return the names of others that read as the one of the row that is saved, and are spelt otherwise."""
        others = [row for row in self.by_key.get(name_key(_name(saved)), []) if row.pk != saved.pk]
        return [name for row in others if (name := _name(row)) != _name(saved)]

    def find(self, line: Line) -> Row | None:
        """Return what the row names, None where there is no such thing; ValidationError where it is not clear which."""
        name, found = line.name(self.label), self.of_id(line)
        if found:
            if name and name not in (_name(found), signs.tidy(_name(found))):
                raise ValidationError(
                    f"{self.id_label} and {self.label} name different ones: that Id is {found}'s. Empty one of the two."
                )
            return found
        rows = self.rows_named_in(line)
        if len(rows) > 1:
            raise ValidationError(f"{len(rows)} bear the name {name}. Enter the {self.id_label}.")
        if not rows and (twins := self.by_key.get(name_key(name))):
            other = _name(twins[0])
            why = signs.difference(name, other)
            raise ValidationError(f"None bears just that name, but “{other}” reads the same. {why} Write it so.")
        return rows[0] if rows else None


def _name(row: Any) -> str:
    name: str = row.name
    return name
