"""Files of queues."""

import copy
import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from django.db.models import Q, QuerySet

from configurator.accounts.actor import Actor
from configurator.audit.models import AuditEvent
from configurator.audit.services import collected
from configurator.audit.snapshots import changes, snapshot
from configurator.console.exports.columns import field
from configurator.console.records import removal_of
from imports.columns import Columns
from imports.kinds.base import (
    NO,
    YES,
    YES_OR_NO,
    Errors,
    Kind,
    Line,
    Verdict,
    as_typed,
    deletes,
    edited,
    hold_constraints,
    ids_of,
    rebound,
    words,
)
from imports.models import ImportRow, Outcome
from queues import services
from queues.exports import QUEUE_EXPORT
from queues.forms import QueueForm
from queues.forms.queue import SWITCHES
from queues.models import NotDefined, Queue, QueueAddress

LABELS: Final = {name: field(Queue, name).label for name in Queue.audit_fields}
KEPT = ("Id", *LABELS.values())
SWITCHED: Final = words(NotDefined.choices) | {"not defined": ""}


class ManyQueueForm(QueueForm):
    """The form of a queue, for one after the other."""

    def validate_unique(self) -> None:
        """Leave the database's own rules to one question for all rows."""


class Queues(Kind):
    """Queues."""

    key, label = "queue", "Queues"
    right, model = "queue", Queue
    labels = LABELS
    columns = Columns(
        kept=KEPT,
        passed=frozenset(column.label for column in QUEUE_EXPORT.columns if column.label not in KEPT),
        needed=(("Id",), ("Name",)),
    )

    def __init__(self, actor: Actor) -> None:
        """Make the form once."""
        super().__init__(actor)
        self.form = ManyQueueForm(instance=Queue())

    def judge(self, lines: Sequence[Line]) -> Iterator[Verdict]:
        """Give a verdict on each line, in their order."""
        ids = {line.id for line in lines if line.id}
        names = {name for line in lines if (name := line.text("Name")) and "\x00" not in name}
        known = {row.pk: row for row in Queue.objects.filter(Q(pk__in=ids) | Q(name__in=names))}
        by_name: dict[str, list[Queue]] = defaultdict(list)
        for row in known.values():
            by_name[row.name].append(row)
        judged = [self._judge(line, known, by_name) for line in lines]
        hold_constraints(judged)
        for verdict, _ in judged:
            yield verdict

    def _judge(
        self, line: Line, known: dict[uuid.UUID, Queue], by_name: dict[str, list[Queue]]
    ) -> tuple[Verdict, Queue | None]:
        """Return the verdict, and the row to store where there is one."""
        verdict = Verdict(line, object_name=line.text("Name"))
        stored = known.get(line.id) if line.id else None
        alike = by_name.get(line.text("Name"), [])
        if stored is None and len(alike) > 1:
            verdict.refuse("Name", f"{len(alike)} queues bear this name. Enter the Id of the one that is meant.")
            return verdict, None
        stored = stored or (alike[0] if alike else None)
        if stored:
            verdict.object_id, verdict.version, verdict.object_name = stored.pk, stored.version, str(stored)
        if self.misread(verdict) or not self.first_of(verdict, stored.pk if stored else line.id or line.text("Name")):
            return verdict, None
        if deletes(line):
            if stored and self.may(verdict, "delete"):
                verdict.outcome, verdict.before = Outcome.DELETED, removal_of(actor=self.actor, row=stored).before or {}
            return verdict, None
        return verdict, self._save(verdict, stored)

    def _save(self, verdict: Verdict, stored: Queue | None) -> Queue | None:
        """Find what the row sets or changes."""
        data, errors = entered(verdict.line, stored or Queue())
        if (
            stored
            and not errors
            and all(data[name].strip() == as_typed(getattr(stored, name)) for name in Queue.audit_fields)
        ):
            return None
        if not self.may(verdict, "modify" if stored else "create"):
            return None
        row = copy.copy(stored) if stored else Queue(pk=verdict.line.id or uuid.uuid4())
        errors = rebound(self.form, row, data) | errors
        if errors:
            self.add(verdict, errors)
            return None
        then, now = changes(snapshot(stored, row.audit_fields) if stored else {}, snapshot(row, row.audit_fields))
        if stored and not now:
            return None
        verdict.outcome = Outcome.CHANGED if stored else Outcome.CREATED
        verdict.object_id, verdict.object_name, verdict.before, verdict.after = row.pk, str(row), then, now
        return row

    def lock(self, rows: "QuerySet[ImportRow]") -> None:
        """Lock the queues, and the addresses of those that are deleted."""
        gone = ids_of(rows.filter(outcome=Outcome.DELETED))
        addresses = QueueAddress.objects.filter(queue__in=gone).values_list("pk", flat=True)
        Queue.objects.lock_all(ids_of(rows))
        QueueAddress.objects.lock_all(addresses)

    def apply(self, outcome: Outcome, rows: Sequence[ImportRow], lines: Mapping[int, Line]) -> list[AuditEvent]:
        """Save or delete the queues."""
        act = services.queues_delete if outcome == Outcome.DELETED else services.queues_save
        with collected() as events:
            act(actor=self.actor, queues=edited(rows, Queue))
        return events


def entered(line: Line, start: Queue) -> tuple[dict[str, str], Errors]:
    """Return what the row enters into the form over what is stored, and what of it no field can take."""
    data, errors = {name: as_typed(getattr(start, name)) for name in Queue.audit_fields}, {}
    for name, label in LABELS.items():
        if label not in line.values:
            continue
        text = line.values[label]
        if name == "enabled":
            if text.strip().casefold() not in (*YES, *NO):
                errors[name] = [YES_OR_NO]
            text = "true" if text.strip().casefold() in YES else "false"
        elif name in SWITCHES:
            text = SWITCHED.get(text.strip().casefold(), text)
        data[name] = text
    return data | {"version": str(start.version)}, errors
