"""Files of queues."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from configurator import signs
from configurator.accounts.actor import Actor
from configurator.accounts.models import QueueGroup
from configurator.accounts.scope import Scope
from configurator.console.exports.columns import field
from configurator.console.records.names import twin_notice
from imports.kinds.base import Differs, Errors, as_shown, ids_of
from imports.kinds.bulk import ManyForm, ManyKind
from imports.kinds.lines import Line
from imports.kinds.named import Named
from imports.kinds.ticks import read_ticks, yes_or_no
from imports.models import ImportRow, Outcome
from imports.reading.columns import Columns
from queues import services
from queues.exports import QUEUE_EXPORT
from queues.forms import QueueForm
from queues.forms.queue import CHOOSE_GROUP, SWITCHES
from queues.models import NotDefined, Queue, QueueAddress

LABELS: Final = {name: field(Queue, name).label for name in Queue.audit_fields}
KEPT = ("Id", *LABELS.values())
SWITCHED: Final = {True: str(NotDefined.ON.value), False: str(NotDefined.OFF.value)}


class KnownGroups(forms.ModelChoiceField):  # type: ignore[type-arg]  # it takes none at run time
    """The Queue Group by its name, out of those that were looked up before; the messages are the same."""

    known: dict[str, QueueGroup] = {}

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        if value not in self.known:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return self.known[value]


class ManyQueueForm(ManyForm, QueueForm):
    """The form of a queue, for one row after another: the groups were looked up before."""

    group = KnownGroups(
        label=LABELS["group"],
        queryset=QueueGroup.objects.none(),
        required=False,
        error_messages={"invalid_choice": CHOOSE_GROUP, "required": CHOOSE_GROUP},
    )
    # The group was looked up before.
    left_to_service = QueueForm.left_to_service | {"group"}

    def offer_known(self, groups: dict[str, QueueGroup], scope: Scope) -> None:
        """Offer the groups, which are those within the scope; a user limited to some must name one of them."""
        field: Any = self.fields["group"]
        field.known, field.required = groups, not scope.is_whole


class Queues(ManyKind[Queue]):
    key, label, named = "queue", "Queues", "Name"
    right, model, form_class = "queue", Queue, ManyQueueForm
    related = ("group",)
    grave = {"enabled": "Queues that are not enabled take no mail."}
    goes_too = "their addresses, with the passwords of these"
    labels, typed = LABELS, Queue.audit_fields
    texts = frozenset({"name", "description", "group"})
    columns = Columns(
        kept=KEPT,
        passed=frozenset(column.label for column in QUEUE_EXPORT.columns if column.label not in KEPT),
        needed=(("Id",), ("Name",)),
    )

    def __init__(self, actor: Actor) -> None:
        super().__init__(actor)
        self.given: dict[str, str] = {}

    def look_up(self, lines: Sequence[Line]) -> None:
        """Find the queues, and the groups that may be named, of which there are few."""
        self.scopes = {act: self.actor.scope(f"queue.{act}") for act in ("create", "modify")}
        self.groups = {
            act: {group.name: group for group in QueueGroup.objects.visible_to(scope)}
            for act, scope in self.scopes.items()
        }
        within = Queue.objects.visible_to(self.scopes["modify"]).select_related("group")
        self.known: Named[Queue] = Named(within, lines, by_id="Id", by_name="Name")

    def stored(self, line: Line) -> Queue | None:
        found = self.known.of_id(line)
        namesakes = [] if found else self.known.rows_named_in(line)
        if len(namesakes) > 1:
            raise ValidationError(f"{len(namesakes)} queues bear this name. Enter the Id of the one that is meant.")
        return found or next(iter(namesakes), None)

    def key_of(self, line: Line, stored: Queue | None) -> Any:
        """Return what tells the queue from others, a new one by what it is called."""
        return stored.pk if stored else line.id or line.name("Name")

    def shown(self, row: Queue) -> dict[str, str]:
        return as_shown(row, Queue.audit_fields)

    def read(self, line: Line, data: dict[str, str]) -> Errors:
        for name in SWITCHES:
            on = yes_or_no(data[name])
            if on is not None:
                data[name] = SWITCHED[on]
        return read_ticks(data, "enabled")

    def hold_form(self, row: Queue, stored: Queue | None, data: Mapping[str, str]) -> Errors:
        """Tell the form which groups may be named: what is outside of the actor's is refused as what is not there."""
        act = "modify" if stored else "create"
        self.form.offer_known(self.groups[act], self.scopes[act])
        return super().hold_form(row, stored, {**data, "group": self._group(data["group"], act)})

    def _group(self, text: str, act: str) -> str:
        """Return the name of the group that is meant: one with a sign in it that is not seen is found without it."""
        name = signs.tidy(text)
        return (
            name
            if name in self.groups[act]
            else next(filter(lambda known: signs.tidy(known) == name, self.groups[act]), name)
        )

    def notes_on_signs(self, row: Queue, stored: Queue | None, data: Mapping[str, str]) -> list[tuple[str, str]]:
        """Name the queues too, stored or in rows above, whose name reads the same."""
        noted = super().notes_on_signs(row, stored, data)
        if stored and stored.name == row.name:
            return noted
        noted += [("Name", twin_notice(row.name, other)) for other in self.known.twins(row)]
        before = self.given.setdefault(row.name_key, row.name)
        return noted if before == row.name else [*noted, ("Name", twin_notice(row.name, before))]

    def lock(self, rows: QuerySet[ImportRow]) -> None:
        """Lock the queues, and the addresses of those that are deleted."""
        gone = ids_of(rows.filter(outcome=Outcome.DELETED))
        Queue.objects.lock_all(ids_of(rows))
        QueueAddress.objects.lock_all(QueueAddress.objects.filter(queue__in=gone).values_list("pk", flat=True))

    def written(self, outcome: Outcome, rows: list[Queue]) -> None:
        _place(rows)
        act = services.queues_delete if outcome == Outcome.DELETED else services.queues_save
        act(actor=self.actor, queues=rows)


def _place(queues: Sequence[Queue]) -> None:
    """Give the queues the groups that they name; Differs where one of them is deleted."""
    groups = QueueGroup.objects.in_bulk({queue.group_id for queue in queues if queue.group_id})
    for queue in queues:
        if queue.group_id and queue.group_id not in groups:
            raise Differs("Its queue group was deleted meanwhile.")
        queue.group = groups[queue.group_id] if queue.group_id else None
