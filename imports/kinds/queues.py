"""Files of queues."""

from collections.abc import Sequence
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from configurator.console.exports.columns import field
from imports.columns import Columns
from imports.kinds.base import Errors, as_shown, ids_of, words
from imports.kinds.lines import Line
from imports.kinds.many import ManyKind
from imports.kinds.named import Named
from imports.models import ImportRow, Outcome
from queues import services
from queues.exports import FILE_FIELDS, QUEUE_EXPORT
from queues.forms import QueueForm
from queues.forms.queue import SWITCHES
from queues.models import NotDefined, Queue, QueueAddress

LABELS: Final = {name: field(Queue, name).label for name in FILE_FIELDS}
KEPT = ("Id", *LABELS.values())
YES_OR_NO = "Enter Yes or No."
YES, NO = ("yes", "true", "1", "on"), ("no", "false", "0", "off", "")
SWITCHED: Final = words(NotDefined.choices) | {"not defined": ""}


class ManyQueueForm(QueueForm):
    """The form of a queue without its group, which stays."""

    class Meta(QueueForm.Meta):
        fields = [*FILE_FIELDS]


class Queues(ManyKind[Queue]):
    """Queues."""

    key, label, named = "queue", "Queues", "Name"
    right, model, form_class = "queue", Queue, ManyQueueForm
    labels, typed = LABELS, FILE_FIELDS
    columns = Columns(
        kept=KEPT,
        passed=frozenset(column.label for column in QUEUE_EXPORT.columns if column.label not in KEPT),
        needed=(("Id",), ("Name",)),
    )

    def look_up(self, lines: Sequence[Line]) -> None:
        """Find the queues."""
        self.known: Named[Queue] = Named(Queue.objects.select_related("group"), lines, by_id="Id", by_name="Name")

    def stored(self, line: Line) -> Queue | None:
        """Return the queue of that Id, or else of that name."""
        found = self.known.of_id(line)
        alike = [] if found else self.known.alike(line)
        if len(alike) > 1:
            raise ValidationError(f"{len(alike)} queues bear this name. Enter the Id of the one that is meant.")
        return found or next(iter(alike), None)

    def key_of(self, line: Line, stored: Queue | None) -> Any:
        """Return what tells the queue from others, a new one by what it is called."""
        return stored.pk if stored else line.id or line.text("Name")

    def shown(self, row: Queue) -> dict[str, str]:
        """Return what the queue holds."""
        return as_shown(row, FILE_FIELDS)

    def read(self, line: Line, data: dict[str, str]) -> Errors:
        """Read the words of the switches."""
        for name in SWITCHES:
            data[name] = SWITCHED.get(data[name].strip().casefold(), data[name])
        enabled = data["enabled"].strip().casefold()
        data["enabled"] = "true" if enabled in YES else "false"
        return {} if enabled in (*YES, *NO) else {"enabled": [YES_OR_NO]}

    def lock(self, rows: QuerySet[ImportRow]) -> None:
        """Lock the queues, and the addresses of those that are deleted."""
        gone = ids_of(rows.filter(outcome=Outcome.DELETED))
        Queue.objects.lock_all(ids_of(rows))
        QueueAddress.objects.lock_all(QueueAddress.objects.filter(queue__in=gone).values_list("pk", flat=True))

    def written(self, outcome: Outcome, rows: list[Queue]) -> None:
        """Save or delete the queues."""
        act = services.queues_delete if outcome == Outcome.DELETED else services.queues_save
        act(actor=self.actor, queues=rows)
