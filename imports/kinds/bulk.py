"""Kinds of which a file has thousands of rows: each query is made once for some hundred of them.

The forms are those of the screens, one bound to row after row: making a new one for each takes most of the time.
"""

import uuid
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from configurator.accounts.actor import Actor
from configurator.audit.models import AuditEvent
from configurator.audit.services import collected
from configurator.console.objects.forms import RecordForm
from configurator.console.records.record import removal_of
from configurator.db.constraints import broken_constraints
from configurator.vault.models import SealedSecret
from imports.kinds.base import WHOLE_ROW, Errors, Kind, Row, messages_of
from imports.kinds.lines import Line, Verdict
from imports.models import ImportRow, Outcome


class ManyForm(RecordForm):
    """A form that is bound to row after row; broken_constraints() asks the database about all of them in one query."""

    def validate_unique(self) -> None:
        """Make no query."""


class ManyKind(Kind[Row]):
    """A kind whose rows are judged and written many at once."""

    form_class: ClassVar[type[ManyForm]]
    related: ClassVar[tuple[str, ...]] = ()

    def __init__(self, actor: Actor) -> None:
        super().__init__(actor)
        self.form: Any = self.form_class(instance=self.model())

    @abstractmethod
    def look_up(self, lines: Sequence[Line]) -> None:
        """Find all that the rows name."""

    @abstractmethod
    def written(self, outcome: Outcome, rows: list[Row]) -> None:
        """Save or delete the rows through their service."""

    def judge(self, lines: Sequence[Line]) -> Iterator[Verdict]:
        self.look_up(lines)
        verdicts = [Verdict(line, object_name=line.text(self.named)) for line in lines]
        saved = [(verdict, row) for verdict in verdicts if (row := self.decide(verdict))]
        broken = broken_constraints([row for _, row in saved])
        for (verdict, _), messages in zip(saved, broken, strict=True):
            for message in messages:
                verdict.refuse(WHOLE_ROW, message)
        yield from verdicts

    def delete(self, verdict: Verdict, stored: Row) -> None:
        verdict.deletes(removal_of(actor=self.actor, row=stored))

    def hold_form(self, row: Row, stored: Row | None, data: Mapping[str, str]) -> Errors:
        self.form.instance, self.form.data, self.form.is_bound = row, data, True
        row.constraints_later = True
        self.form.full_clean()
        row.constraints_later = False
        return messages_of(self.form.errors)

    def apply(self, outcome: Outcome, rows: Sequence[ImportRow], lines: Mapping[int, Line]) -> list[AuditEvent]:
        made = self._edited(rows)
        with collected() as events:
            self.written(outcome, made)
        return events

    def _edited(self, rows: Sequence[ImportRow]) -> list[Row]:
        """Return the objects as the dry run would have them, in the version that it saw."""
        old = [row.object_id for row in rows if row.version is not None]
        stored = self.model._default_manager.select_related(*self.related).in_bulk(old)
        return [self._set(row, stored) for row in rows]

    def _set(self, row: ImportRow, stored: Mapping[Any, Row]) -> Row:
        """Return the object of the row with its values; DoesNotExist for one that was deleted meanwhile."""
        if row.version is None:
            made = self.model(pk=row.object_id)
        elif row.object_id in stored:
            made = stored[row.object_id]
            made.version = row.version
        else:
            raise self.model.DoesNotExist
        for name, value in row.after.items():
            field: Any = made._meta.get_field(name)
            # A secret is kept or dropped by the service, never set from here.
            if not field.is_relation:
                setattr(made, name, field.to_python(value))
            elif field.related_model is not SealedSecret:
                setattr(made, field.attname, uuid.UUID(value["id"]) if value else None)
        return made
