"""The interface of an action on many rows: its rights, its form, its preview, and how it is done."""

import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model, ProtectedError, QuerySet
from django.urls import reverse

from configurator.accounts.actor import Actor
from configurator.accounts.models import User
from configurator.audit.models import AuditEvent
from configurator.console.records.record import Record, StaleVersion

Values = Mapping[str, Any]
GONE = "It was deleted meanwhile."
# Called with the id of each row, and why it was refused, "" where it was done.
Tell = Callable[[uuid.UUID, str], None]

# Rows that are written together.
BATCH: Final = 200
REFUSALS: Final = (StaleVersion, ObjectDoesNotExist, IntegrityError, ValidationError)


class NothingDone(Exception):
    """The action as a whole cannot be done; the text says why."""


@dataclass(frozen=True)
class RowPreview:
    """What the action will do to one row: the value before and after, or why it is refused."""

    before: str = ""
    after: str = ""
    refused: str = ""
    changes: bool = True


@dataclass(frozen=True)
class Planned:
    """One row as the preview showed it."""

    pk: uuid.UUID
    version: int | None
    preview: RowPreview


class BulkAction(ABC):
    """One action on the rows of one model; it goes through the services that a single edit goes through."""

    key: ClassVar[str]
    label: ClassVar[str]
    # "Delete {}", where "3 queues" is put in.
    question: ClassVar[str]
    # The words for a row that will be done, and for one that was.
    ahead: ClassVar[str]
    done: ClassVar[str]
    column: ClassVar[str]
    rights: ClassVar[tuple[str, ...]]
    model: ClassVar[type[Model]]
    danger: ClassVar[bool] = False
    # Whether users limited to queue groups may not do it.
    whole: ClassVar[bool] = False
    form_class: ClassVar[type[forms.Form] | None] = None
    # Shown to users limited to queue groups instead of a refusal that may name what they may not view.
    refused_in_short: ClassVar[str] = ""
    # A template that the page with the form includes.
    extra_template: ClassVar[str] = ""

    def allowed(self, user: User) -> bool:
        if self.whole and not all(user.scope(right).is_whole for right in self.rights):
            return False
        return all(user.may(right) for right in self.rights)

    def require(self, actor: Actor) -> None:
        """Raise PermissionDenied unless the actor holds every right that the action needs."""
        for right in self.rights:
            if self.whole:
                actor.require_whole(right)
            actor.require(right)

    def cleaned(self, typed: Mapping[str, str] | None) -> Values:
        """Return the cleaned values; NothingDone when they are no longer valid."""
        if self.form_class is None:
            return {}
        form = self.form_class(typed)
        if not form.is_valid():
            raise NothingDone(" ".join(str(error) for errors in form.errors.values() for error in errors))
        return form.cleaned_data

    def loaded(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows with the relations that the action reads."""
        return rows

    def lock(self, pks: Collection[uuid.UUID], values: Values) -> None:
        """Lock every row that the action will write, in the order of single edits."""
        list(self.model._default_manager.filter(pk__in=pks).select_for_update(of=("self",)).values_list("pk"))

    @abstractmethod
    def preview(self, actor: Actor, rows: Sequence[Any], values: Values) -> Sequence[RowPreview]:
        """Return for each row what will be done, as far as the actor may see it; the number of queries is constant."""

    def perform(self, actor: Actor, rows: Sequence[Any], values: Values) -> None:
        """Do it to the rows, as they were read, through their service: to all of them, or raise what it refuses."""
        raise NotImplementedError

    def perform_all(
        self, actor: Actor, planned: Sequence[Planned], values: Values, events: list[AuditEvent], tell: Tell
    ) -> str:
        """Do it to every row that is still as the preview showed it; return the address of a page that follows, or "".

        ``events`` are those gathered so far: a rolled back row leaves none.
        """
        self.lock([item.pk for item in planned], values)
        for first in range(0, len(planned), BATCH):
            batch = planned[first : first + BATCH]
            refused = self._perform_batch(actor, batch, values, events)
            for item in batch:
                tell(item.pk, refused.get(item.pk, ""))
        return ""

    def _perform_batch(
        self, actor: Actor, planned: Sequence[Planned], values: Values, events: list[AuditEvent]
    ) -> dict[uuid.UUID, str]:
        """Do it to these rows at once, or one by one where that is refused; return which are refused, and why."""
        rows = self._read([item.pk for item in planned])
        now = dict(zip(rows, self.preview(actor, list(rows.values()), values), strict=True))
        refused = {item.pk: changed_since(item, rows.get(item.pk), now.get(item.pk)) for item in planned}
        still = [pk for pk, why in refused.items() if not why]
        if self._refused(actor, [rows[pk] for pk in still], values, events):
            rows = self._read(still)
            refused |= {pk: self._refused(actor, [rows[pk]], values, events) for pk in still}
        return refused

    def _read(self, pks: Sequence[uuid.UUID]) -> dict[uuid.UUID, Any]:
        return {row.pk: row for row in self.loaded(self.model._default_manager.filter(pk__in=pks))}

    def _refused(self, actor: Actor, rows: Sequence[Any], values: Values, events: list[AuditEvent]) -> str:
        """Do it to the rows; return why their service refused and nothing was done, "" when it did not."""
        if not rows:
            return ""
        mark = len(events)
        try:
            with transaction.atomic():
                self.perform(actor, rows, values)
        except REFUSALS as error:
            del events[mark:]
            return refusal_message(error)
        return ""


def refusal_message(error: Exception) -> str:
    if isinstance(error, StaleVersion):
        return changed_by(error.stored)
    if isinstance(error, ObjectDoesNotExist):
        return GONE
    if isinstance(error, ProtectedError):
        return "In use by " + ", ".join(sorted(map(str, error.protected_objects))[:3]) + "."
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return "The database refused it: it breaks a rule. Change this one by itself, and its form says which."


def changed_since(item: Planned, row: Any, now: RowPreview | None) -> str:
    """Return why the row is not as the preview showed it, "" when it is."""
    if row is None or now is None:
        return GONE
    if item.version is not None and row.version != item.version:
        return changed_by(row)
    if now.refused:
        return now.refused
    return "" if now == item.preview else f"After the preview it became: {now.before} → {now.after}. Look again."


def changed_by(row: Record) -> str:
    return f"{row.changed_by} changed it after the preview. Look at it and choose it anew."


@dataclass(frozen=True)
class BulkList:
    """A list whose rows can be ticked: this one declaration, and the actions on its model do the rest.

    ``filterset`` reads the list's own query, for all that the filters find; the list's page names it as ``bulk``.
    """

    key: str
    model: type[Record]
    filterset: Any
    right: str
    list_url: str
    nouns: tuple[str, str]

    def __post_init__(self) -> None:
        LISTS[self.key] = self

    @property
    def actions(self) -> Sequence[BulkAction]:
        return ACTIONS.get(self.model, [])

    def action(self, key: str) -> BulkAction | None:
        """Return the action of that key, None when there is none."""
        return next((action for action in self.actions if action.key == key), None)

    def counted(self, number: int) -> str:
        """Return the number with the word for the rows."""
        return f"{number:,} {self.nouns[number != 1]}"

    def url(self, action: BulkAction) -> str:
        return reverse("bulk:begin", args=[self.key, action.key])


LISTS: dict[str, BulkList] = {}
ACTIONS: dict[type[Model], list[BulkAction]] = {}


def enter(*actions: BulkAction, first: bool = False) -> None:
    """Enter actions on their models, behind those that are there or before them."""
    for action in actions:
        of_model = ACTIONS.setdefault(action.model, [])
        of_model.insert(0 if first else len(of_model), action)
