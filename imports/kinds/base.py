"""What every kind of file has: columns, rights, and how a row is judged."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models

from configurator.accounts.actor import Actor
from configurator.audit.models import AuditEvent
from configurator.console.forms import RecordForm
from configurator.console.many import broken_constraints
from configurator.console.records import Record
from imports.columns import DELETE, Columns
from imports.models import ImportRow, Outcome

YES_OR_NO = "Enter Yes or No."
YES, NO = ("yes", "true", "1", "on"), ("no", "false", "0", "off", "")
WHOLE_ROW = "Row"
Errors = dict[str, list[str]]
Row = TypeVar("Row", bound=Record)


class Differs(Exception):
    """A row would do something else now than the dry run said."""


@dataclass
class Line:
    """A row of a file: its number, and its texts by column."""

    number: int
    values: dict[str, str]

    @property
    def id(self) -> uuid.UUID | None:
        """The Id in the row, None where there is none or it is no GUID."""
        return as_guid(self.values.get("Id", ""))

    def text(self, label: str) -> str:
        """Return what stands in the column, without the blanks around it; "" where there is no such column."""
        return self.values.get(label, "").strip()


@dataclass
class Verdict:
    """What a row would do, or why it is refused; messages stand under the label of their column."""

    line: Line
    outcome: Outcome = Outcome.UNCHANGED
    object_id: uuid.UUID | None = None
    object_name: str = ""
    version: int | None = None
    before: Mapping[str, object] = field(default_factory=dict)
    after: Mapping[str, object] = field(default_factory=dict)
    errors: list[tuple[str, str]] = field(default_factory=list)

    def refuse(self, column: str, message: str) -> "Verdict":
        """Refuse the row for this reason too."""
        self.outcome = Outcome.REFUSED
        self.errors.append((column, message))
        return self

    def as_row(self, of: uuid.UUID) -> ImportRow:
        """Return the row that is stored of it."""
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
        )


class Kind:
    """One kind of file. A judge is made for a dry run and sees its rows in order, some hundred at a time."""

    key: ClassVar[str]
    label: ClassVar[str]
    right: ClassVar[str]
    model: ClassVar[type[Record]]
    columns: ClassVar[Columns]
    labels: ClassVar[dict[str, str]]  # the form's field -> the column
    # Whether the services that apply() calls record their events themselves; they are then given the lines again.
    records_itself: ClassVar[bool] = False

    def __init__(self, actor: Actor) -> None:
        """Judge for this actor: what he may not do is refused."""
        self.actor = actor
        self.met: dict[Any, int] = {}

    def judge(self, lines: Sequence[Line]) -> Iterator[Verdict]:
        """Give a verdict on each line, in their order."""
        raise NotImplementedError

    def apply(self, outcome: Outcome, rows: Sequence[ImportRow], lines: Mapping[int, Line]) -> list[AuditEvent]:
        """Do what the dry run found, through the services; return the events that are still to be recorded.

        Raises StaleVersion, DoesNotExist, Differs, ValidationError, ProtectedError or PermissionDenied where it
        cannot be done.
        """
        raise NotImplementedError

    def lock(self, rows: "models.QuerySet[ImportRow]") -> None:
        """Lock all that the rows will write, in the one order of locks."""
        raise NotImplementedError

    def may(self, verdict: Verdict, act: str) -> bool:
        """Tell whether the actor may do that to objects of the kind, and refuse the row where not."""
        if self.actor.may(f"{self.right}.{act}"):
            return True
        verdict.refuse(WHOLE_ROW, f"You may not {act} these: the right is missing.")
        return False

    def first_of(self, verdict: Verdict, key: Any) -> bool:
        """Tell whether no row before was about the same object, and refuse this one where one was."""
        before = self.met.setdefault(key, verdict.line.number)
        if before == verdict.line.number:
            return True
        verdict.refuse(WHOLE_ROW, f"Row {before} is about the same already. Keep one of them.")
        return False

    def misread(self, verdict: Verdict) -> bool:
        """Refuse what no form has a field for: an Id that is none, and what else than D stands under Delete."""
        line = verdict.line
        if line.text("Id") and line.id is None:
            verdict.refuse("Id", "This is no Id: that is a GUID, as an export has it. Correct it, or leave it empty.")
        if line.text(DELETE) and line.text(DELETE).upper() != "D":
            verdict.refuse(DELETE, "Enter D to delete what the row names, or leave it empty.")
        return bool(verdict.errors)

    def add(self, verdict: Verdict, errors: Mapping[str, Sequence[str]]) -> None:
        """Refuse the row for what the form or the service found, each message beside its column."""
        order = [*self.labels, NON_FIELD_ERRORS]
        for name in sorted(errors, key=lambda name: order.index(name) if name in order else len(order)):
            for message in errors[name]:
                verdict.refuse(self.labels.get(name, WHOLE_ROW), message)


def deletes(line: Line) -> bool:
    """Tell whether the row deletes what it names."""
    return line.text(DELETE).upper() == "D"


def as_guid(text: str) -> uuid.UUID | None:
    """Return the text as a GUID, None where it is none."""
    try:
        return uuid.UUID(text.strip())
    except ValueError:
        return None


def words(choices: Sequence[tuple[Any, str]]) -> dict[str, str]:
    """Return what a form takes for each word of a choice."""
    return {str(label).casefold(): str(value) for value, label in choices}


def as_typed(value: Any) -> str:
    """Return a stored value as a form's field shows it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def told(error: ValidationError) -> Errors:
    """Return the messages of a service's refusal by field."""
    return error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}


def rebound(form: RecordForm, instance: models.Model, data: Mapping[str, str]) -> Errors:
    """Let the form look at another record and what is entered for it, and return its messages by field.

    It is the same form as on the screen; making a new one for each of ten thousand rows takes most of the time.
    """
    form.instance, form.data, form.is_bound = instance, data, True
    # The model asks the database a question for each constraint; hold_constraints() asks one for all rows.
    vars(instance)["validate_constraints"] = _asked_later
    form.full_clean()
    del vars(instance)["validate_constraints"]
    return {name: [str(message) for message in messages] for name, messages in form.errors.items()}


def _asked_later(exclude: object = None) -> None:
    """Ask nothing."""


def hold_constraints(judged: Sequence[tuple[Verdict, Any]]) -> None:
    """Refuse the rows that break the database's own rules, which is asked once for all of them."""
    rows = [(verdict, row) for verdict, row in judged if row is not None]
    for (verdict, _), messages in zip(rows, broken_constraints([row for _, row in rows]), strict=True):
        for message in messages:
            verdict.refuse(WHOLE_ROW, message)


def ids_of(rows: "models.QuerySet[ImportRow]") -> list[uuid.UUID]:
    """Return the ids of the objects that the rows are about."""
    return [pk for pk in rows.values_list("object_id", flat=True) if pk]


def edited(rows: Sequence[ImportRow], model: type[Row], *related: str) -> list[Row]:
    """Return the objects of the rows as the dry run would have them, in the version that it saw.

    Raises DoesNotExist for one that was deleted meanwhile.
    """
    old = [row.object_id for row in rows if row.version is not None]
    stored = model._default_manager.select_related(*related).in_bulk(old)
    made = []
    for row in rows:
        if row.version is not None and row.object_id not in stored:
            raise model.DoesNotExist
        item = stored.get(row.object_id) or model(pk=row.object_id)
        item.version = row.version or item.version
        for name, value in row.after.items():
            field: Any = model._meta.get_field(name)
            # A secret is kept or dropped by the service, never set from here.
            if not field.is_relation:
                setattr(item, name, field.to_python(value))
            elif isinstance(value, dict):
                setattr(item, field.attname, uuid.UUID(value["id"]))
        made.append(item)
    return made
