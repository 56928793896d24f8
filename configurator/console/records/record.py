"""Records that people edit: their identity, their version, and the one way to write them.

A write locks the stored row, compares the version that the editor saw, validates, saves and leaves one
audit event, all in the caller's transaction.
"""

import uuid
from collections.abc import Mapping, Sequence
from typing import ClassVar, Self

from django.db import models

from configurator.accounts.actor import Actor
from configurator.audit.choices import Action
from configurator.audit.models import AuditEvent
from configurator.audit.services import event_of, record_all
from configurator.audit.snapshots import Snapshot, changes, snapshot
from configurator.status import Checked

# What the checks write: a save that began before a check ended does not write it back.
OF_THE_CHECK = frozenset(field.name for field in Checked._meta.fields)


class StaleVersion(Exception):
    """Somebody else saved the record after the editor opened it; ``stored`` is what is there now."""

    def __init__(self, stored: "Record") -> None:
        """Keep the stored record so that both versions can be shown."""
        super().__init__(f"{stored} was saved by somebody else meanwhile")
        self.stored = stored


class Record(models.Model):
    """A row with an identity made before it is stored, a version, and a name for the audit log."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    changed_at = models.DateTimeField(auto_now=True, editable=False)
    changed_by = models.CharField(max_length=150, blank=True, editable=False)

    audit_kind: ClassVar[str]
    audit_fields: ClassVar[tuple[str, ...]]

    class Meta:
        abstract = True

    @classmethod
    def locked(cls, pk: uuid.UUID, version: int | None) -> Self:
        """Return the stored row, locked; StaleVersion when its version is not the one given, DoesNotExist when gone."""
        stored: Self = cls._default_manager.select_for_update().get(pk=pk)
        if version is not None and stored.version != version:
            raise StaleVersion(stored)
        return stored

    @classmethod
    def locked_all(cls, rows: Sequence[Self], *related: str, no_key: bool = False) -> dict[uuid.UUID, Self]:
        """Return what is stored of the rows, with its relations, locked; new rows are passed over.

        StaleVersion or DoesNotExist for any that changed. With ``no_key`` whoever only points at them does not wait.
        """
        old = [row for row in rows if not row._state.adding]
        found = cls._default_manager.filter(pk__in=[row.pk for row in old]).order_by("pk")
        locked = found.select_related(*related).select_for_update(of=("self",), no_key=no_key) if old else ()
        stored = {row.pk: row for row in locked}
        for row in old:
            if row.pk not in stored:
                raise cls.DoesNotExist
            if stored[row.pk].version != row.version:
                raise StaleVersion(stored[row.pk])
        return stored


def write(*, actor: Actor, row: Record, stored: Record | None, action: Action = Action.CHANGED) -> None:
    """Validate and save ``row`` and record the event; ``stored`` is the locked row before, None for a new one.

    ``action`` is the word for a change that has one of its own.
    Raises ValidationError with messages on their fields; writes nothing when nothing changed.
    """
    event = change_of(actor=actor, row=row, stored=stored, action=action)
    if event is None:
        return
    row.full_clean()
    row.save(update_fields=_editable(row) if stored else None)
    event.object_name = str(row)
    record_all([event])


def change_of(
    *, actor: Actor, row: Record, stored: Record | None, action: Action = Action.CHANGED
) -> AuditEvent | None:
    """Give the row the version that it is saved in, and return the event of that; None where nothing changes."""
    then, now = changes(held(stored) if stored else {}, held(row))
    if stored and not now:
        row.version = stored.version
        return None
    row.version, row.changed_by = stored.version + 1 if stored else 1, actor.name
    return _event(actor, row, action if stored else Action.CREATED, then, now)


def _editable(row: Record) -> list[str]:
    """Return the columns that a save writes."""
    columns = (field for field in row._meta.concrete_fields if not field.primary_key)
    return [field.name for field in columns if field.name not in OF_THE_CHECK]


def remove(*, actor: Actor, row: Record) -> None:
    """Delete the locked ``row`` and record what it held; ProtectedError when something still uses it."""
    event = removal_of(actor=actor, row=row)
    row.delete()
    record_all([event])


def removal_of(*, actor: Actor, row: Record) -> AuditEvent:
    """Return the event of a row that is deleted: what it held."""
    return _event(actor, row, Action.DELETED, held(row), {})


def held(row: Record) -> Snapshot:
    """Return the values of the row that the trail keeps, to compare."""
    return snapshot(row, row.audit_fields)


def _event(
    actor: Actor, row: Record, action: Action, before: Mapping[str, object], after: Mapping[str, object]
) -> AuditEvent:
    """Return an event of the row."""
    return event_of(
        actor,
        action=action,
        kind=row.audit_kind,
        object_id=row.pk,
        object_name=str(row),
        before=before,
        after=after,
    )
