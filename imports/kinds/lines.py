"""A row of a file, and the verdict on it.

``Line.of()`` alone knows what a blank cell says in which format; what it leaves out is, to all else, a column that the
file does not have.
"""

import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

from configurator import signs
from configurator.audit.models import AuditEvent
from configurator.audit.snapshots import changes
from configurator.console.objects.clear_word import clears
from configurator.console.records.record import Record, held
from imports.models import Cells, Format, ImportRow, Outcome
from imports.reading.columns import DELETE


@dataclass
class Line:
    """A row of a file: its number, and its texts by column; a column that is not there leaves its value as it is.

    ``cleared`` are the columns that held the word which empties a value; their text is empty. ``faults`` say by column
    why its cell cannot be taken.
    """

    number: int
    values: dict[str, str]
    cleared: frozenset[str] = frozenset()
    faults: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, row: Cells, labels: Sequence[str], format_: str) -> Self:
        """Return the row of a file: of a blank cell only SC's own format says that the value is empty."""
        number, cells, faults = row
        values = dict(zip(labels, cells, strict=True))
        cleared = frozenset(label for label, cell in values.items() if clears(cell))
        if format_ in (Format.CSV, Format.XLSX):
            values = {label: cell for label, cell in values.items() if cell.strip()}
        return cls(number, values | dict.fromkeys(cleared, ""), cleared, faults)

    @cached_property
    def id(self) -> uuid.UUID | None:
        """The Id in the row, None where there is none or it is no GUID."""
        return as_guid(self.text("Id"))

    @property
    def deletes(self) -> bool:
        return self.text(DELETE).upper() == "D"

    def text(self, label: str) -> str:
        """Return the value in the column, without the blanks around it; "" where there is no such column."""
        return signs.stripped(self.values.get(label, ""))

    def name(self, label: str) -> str:
        """Return the name in the column, as names are stored; "" where there is no such column."""
        return signs.tidy(self.values.get(label, ""))


@dataclass
class Verdict:
    """What a row would do, or why it is refused; each message has the label of its column."""

    line: Line
    outcome: Outcome = Outcome.UNCHANGED
    object_id: uuid.UUID | None = None
    object_name: str = ""
    version: int | None = None
    before: Mapping[str, object] = field(default_factory=dict)
    after: Mapping[str, object] = field(default_factory=dict)
    errors: list[tuple[str, str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)

    def finds(self, stored: Record) -> None:
        self.object_id, self.version, self.object_name = stored.pk, stored.version, str(stored)

    def deletes(self, event: AuditEvent) -> None:
        """Say what the deletion takes away, as its event does."""
        self.outcome, self.before = Outcome.DELETED, event.before or {}

    def saves(self, row: Record, stored: Record | None) -> bool:
        """Say what saving the row sets or changes; False where it changes nothing."""
        then, now = changes(held(stored) if stored else {}, held(row))
        if stored and not now:
            return False
        self.outcome = Outcome.CHANGED if stored else Outcome.CREATED
        self.object_id, self.object_name, self.before, self.after = row.pk, str(row), then, now
        return True

    def refuse(self, column: str, message: str) -> "Verdict":
        self.outcome = Outcome.REFUSED
        self.errors.append((column, message))
        return self

    def as_row(self, of: uuid.UUID) -> ImportRow:
        refused = self.outcome == Outcome.REFUSED
        return ImportRow(
            of_id=of,
            number=self.line.number,
            outcome=self.outcome,
            object_id=self.object_id,
            object_name=self.object_name.replace("\x00", "\ufffd"),
            version=self.version,
            before={} if refused else self.before,
            after={} if refused else self.after,
            errors=[[column, message] for column, message in self.errors],
            notes=[[column, message] for column, message in self.notes],
        )


def as_guid(text: str) -> uuid.UUID | None:
    with suppress(ValueError):
        return uuid.UUID(text.strip()) if text else None
    return None
