"""What every kind of file has: columns, rights, and how a row is judged."""

import copy
import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, ClassVar, Final, Generic, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import BooleanField, DateField, QuerySet

from configurator import signs
from configurator.accounts.actor import Actor
from configurator.audit.models import AuditEvent
from configurator.console.objects.fields import dropped_notice
from configurator.console.records.record import Record
from configurator.dates import NotADate, read_date
from imports.kinds.lines import Line, Verdict
from imports.models import ImportRow, Outcome
from imports.reading.columns import DELETE, Columns

WHOLE_ROW = "Row"
NOT_DEFINED: Final = "not defined"
Errors = dict[str, list[str]]
Row = TypeVar("Row", bound=Record)


class Differs(Exception):
    """A row would do something else now than the dry run said."""


class Kind(ABC, Generic[Row]):
    """One kind of file. A judge is made for a dry run and sees its rows in order, some hundred at a time."""

    key: ClassVar[str]
    label: ClassVar[str]
    right: ClassVar[str]
    model: type[Row]
    columns: ClassVar[Columns]
    labels: ClassVar[dict[str, str]]  # the form's field -> the column
    typed: ClassVar[tuple[str, ...]]  # the fields of the form that are filled from their column
    texts: ClassVar[frozenset[str]] = frozenset()  # free text, which the form reads as it is written
    values: ClassVar[tuple[str, ...]] = ()  # identifiers and addresses, of which the dry run says what was dropped
    named: ClassVar[str]  # the column that an object goes by
    # The fields of which a change is pointed out, and what it means; of a tick box it is the tick that is taken out.
    grave: ClassVar[Mapping[str, str]] = {}
    goes_too: ClassVar[str] = ""  # what is deleted with an object
    # Whether the services that apply() calls record their events themselves; they are then given the lines again.
    records_itself: ClassVar[bool] = False

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.met: dict[Any, int] = {}
        fields = [item for item in self.model._meta.concrete_fields if item.name in self.typed]
        self.ticks = {item.name for item in fields if isinstance(item, BooleanField)}
        self.dates = [item.name for item in fields if isinstance(item, DateField)]
        # The fields that inherit while they are empty, which SC calls Not Defined.
        self.inheriting = {
            item.name
            for item in fields
            if item.blank and item.name not in self.texts and not (item.is_relation or isinstance(item, DateField))
        }
        # The columns that the word for it may empty.
        self.clearable = {self.labels[item.name] for item in fields if item.blank}

    @classmethod
    def is_grave(cls, name: str, now: object) -> bool:
        """Tell whether a change of the field to this value is pointed out."""
        return name in cls.grave and now is not True

    @abstractmethod
    def judge(self, lines: Sequence[Line]) -> Iterator[Verdict]:
        """Give a verdict on each line, in their order."""

    @abstractmethod
    def apply(self, outcome: Outcome, rows: Sequence[ImportRow], lines: Mapping[int, Line]) -> list[AuditEvent]:
        """Do what the dry run found, through the services; return the events that are still to be recorded.

        Raises StaleVersion, DoesNotExist, Differs, ValidationError, ProtectedError or PermissionDenied where it
        cannot be done.
        """

    @abstractmethod
    def lock(self, rows: QuerySet[ImportRow]) -> None:
        """Lock all that the rows will write, in the one order of locks."""

    @abstractmethod
    def stored(self, line: Line) -> Row | None:
        """Return the object that the row is about; ValidationError where it is not clear which."""

    @abstractmethod
    def shown(self, row: Row) -> dict[str, str]:
        """Return what the row holds, as the form shows it."""

    @abstractmethod
    def read(self, line: Line, data: dict[str, str]) -> Errors:
        """Turn what is entered into what the form takes, and return what of it no field can take."""

    @abstractmethod
    def hold_form(self, row: Row, stored: Row | None, data: Mapping[str, str]) -> Errors:
        """Let the form give the row what is entered, and return its messages by field."""

    def hold_service(self, row: Row, stored: Row | None) -> None:
        """Raise the ValidationError that the service would."""

    def key_of(self, line: Line, stored: Row | None) -> Any:
        """Return what no two rows may be about, None where any number may."""
        return stored.pk if stored else None

    def decide(self, verdict: Verdict) -> Row | None:
        """Find what the row does, and return what it saves, None where that is nothing."""
        line = verdict.line
        if line.faults:
            for label, message in line.faults.items():
                verdict.refuse(label, message)
            return None
        try:
            stored = self.stored(line)
        except ValidationError as error:
            verdict.refuse(self.named, error.messages[0])
            return None
        if stored:
            verdict.finds(stored)
        if self.misread(verdict) or self.met_before(verdict, self.key_of(line, stored)):
            return None
        if not line.deletes:
            return self.save(verdict, stored)
        if stored and self.may(verdict, "delete"):
            self.delete(verdict, stored)
        return None

    @abstractmethod
    def delete(self, verdict: Verdict, stored: Row) -> None:
        """Find what the deletion takes away."""

    def save(self, verdict: Verdict, stored: Row | None) -> Row | None:
        """Find what the row sets or changes, and return what it saves, None where that is nothing."""
        line = verdict.line
        row = copy.copy(stored) if stored else self.model(pk=verdict.object_id or line.id or uuid.uuid4())
        known = self.shown(row)
        data = known | self.entered(line, stored)
        verdict.notes += self.notes_on(data)
        errors = self.read(line, data)
        if stored and not errors and all(data[name].strip() == text for name, text in known.items()):
            return None
        if not self.may(verdict, "modify" if stored else "create"):
            return None
        errors = self.hold_form(row, stored, data | {"version": str(row.version)}) | errors
        if not errors:
            try:
                self.hold_service(row, stored)
            except ValidationError as error:
                errors = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
        if errors:
            self.add(verdict, errors)
            return None
        if not verdict.saves(row, stored):
            return None
        verdict.notes += self.notes_on_signs(row, stored, data)
        return row

    def entered(self, line: Line, stored: Row | None) -> dict[str, str]:
        """Return the cells of the columns that belong to fields of the form.

        A blank leaves a new object with the form's initial value, and a yes-or-no field as it is.
        """
        entered = {name: line.values[self.labels[name]] for name in self.typed if self.labels[name] in line.values}
        entered = {name: text if name in self.texts else signs.stripped(text) for name, text in entered.items()}
        entered |= {name: "" for name in self.inheriting & entered.keys() if signs.key(entered[name]) == NOT_DEFINED}
        return {name: text for name, text in entered.items() if text.strip() or (stored and name not in self.ticks)}

    def notes_on(self, data: Mapping[str, str]) -> list[tuple[str, str]]:
        """Return notes, each with its column, on values that are read otherwise than written: a date's time of day."""
        noted = []
        for name in self.dates:
            with suppress(NotADate):
                noted.append((self.labels[name], read_date(data[name]).note))
        return [(label, note) for label, note in noted if note]

    def notes_on_signs(self, row: Row, stored: Row | None, data: Mapping[str, str]) -> list[tuple[str, str]]:
        """Return notes, each with its column, on invisible or confusable characters in what the row saves."""
        dropped = [(self.labels[name], signs.dropped(data[name])) for name in self.values if name in data]
        return [(label, dropped_notice(found)) for label, found in dropped if found]

    def may(self, verdict: Verdict, act: str) -> bool:
        """Tell whether the actor may do that to objects of the kind, and refuse the row where not."""
        if self.actor.may(f"{self.right}.{act}"):
            return True
        verdict.refuse(WHOLE_ROW, f"You may not {act} these: the right is missing.")
        return False

    def met_before(self, verdict: Verdict, key: Any) -> bool:
        """Tell whether a row before was about the same object, and refuse this one where one was."""
        before = verdict.line.number if key is None else self.met.setdefault(key, verdict.line.number)
        if before == verdict.line.number:
            return False
        verdict.refuse(WHOLE_ROW, f"Row {before} is about the same already. Keep one of them.")
        return True

    def misread(self, verdict: Verdict) -> bool:
        """Refuse what no form checks: an invalid Id, anything but D under Delete, and a required value cleared."""
        line = verdict.line
        if line.text("Id") and line.id is None:
            verdict.refuse("Id", "This is no Id: that is a GUID, as an export has it. Correct it, or leave it empty.")
        if line.text(DELETE) and not line.deletes:
            verdict.refuse(DELETE, "Enter D to delete what the row names, or leave it empty.")
        for label in sorted(line.cleared - self.clearable):
            verdict.refuse(label, "It cannot be cleared, since it has to have a value. Enter one.")
        return bool(verdict.errors)

    def add(self, verdict: Verdict, errors: Mapping[str, Sequence[str]]) -> None:
        """Refuse the row with the messages of the form or the service, each under the label of its column."""
        order = [*self.labels, NON_FIELD_ERRORS]
        for name in sorted(errors, key=lambda name: order.index(name) if name in order else len(order)):
            for message in errors[name]:
                verdict.refuse(self.labels.get(name, WHOLE_ROW), message)


def words(choices: Sequence[tuple[Any, str]]) -> dict[str, str]:
    """Return what a form takes for each word of a choice, by the word's key (configurator.signs)."""
    return {signs.key(str(label)): str(value) for value, label in choices}


def as_shown(row: Record, names: Sequence[str]) -> dict[str, str]:
    return {name: as_typed(getattr(row, name)) for name in names}


def as_typed(value: Any) -> str:
    """Return a stored value as a form's field shows it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def messages_of(errors: Mapping[str, Sequence[Any]]) -> Errors:
    return {name: [str(message) for message in messages] for name, messages in errors.items()}


def ids_of(rows: QuerySet[ImportRow]) -> list[uuid.UUID]:
    return [pk for pk in rows.values_list("object_id", flat=True) if pk]
