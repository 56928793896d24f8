"""Records that people edit: their identity, their version, and the one way to write them.

A write locks the stored row, compares the version that the editor saw, validates, saves and records one audit event,
all in the caller's transaction.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import ClassVar, Self

from django.db import models

from configurator.accounts.actor import Actor
from configurator.audit.choices import Action
from configurator.audit.models import AuditEvent
from configurator.audit.services import event_of, record_all
from configurator.audit.snapshots import Snapshot, changes, snapshot
from configurator.status import Checked

# Written by the checks: a save that began before a check ended does not overwrite it.
OF_THE_CHECK = frozenset(field.name for field in Checked._meta.fields)


class StaleVersion(Exception):
    """Somebody else saved the record after the editor opened it; ``stored`` is the present row."""

    def __init__(self, stored: "Record") -> None:
        super().__init__(f"{stored} was saved by somebody else meanwhile")
        self.stored = stored


class Record(models.Model):
    """A row with an identity before it is stored, a version, and a name for the audit log."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    changed_at = models.DateTimeField(auto_now=True, editable=False)
    changed_by = models.CharField(max_length=150, blank=True, editable=False)

    audit_kind: ClassVar[str]
    audit_fields: ClassVar[tuple[str, ...]]

    # Whether broken_constraints() checks the constraints later, with those of many other rows.
    constraints_later = False

    class Meta:
        abstract = True

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Check the constraints, unless that comes later."""
        if not self.constraints_later:
            super().validate_constraints(exclude)

    @classmethod
    def locked(cls, pk: uuid.UUID, version: int | None) -> Self:
        """Return the stored row, locked; StaleVersion when it has another version, DoesNotExist when deleted."""
        stored: Self = cls._default_manager.select_for_update().get(pk=pk)
        if version is not None and stored.version != version:
            raise StaleVersion(stored)
        return stored

    @classmethod
    def locked_all(cls, rows: Sequence[Self], *related: str, no_key: bool = False) -> dict[uuid.UUID, Self]:
        """Return the stored rows, with their relations, locked; new rows are left out.

        StaleVersion or DoesNotExist for any that changed. With ``no_key`` foreign keys to them do not wait.
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

    ``action`` is the word for a change that has one of its own. Raises ValidationError with messages on their fields;
    writes nothing when nothing changed.
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
    """Set the version that the row is saved in, and return the event of that; None where nothing changes."""
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
    """Delete the locked ``row`` and record its values; ProtectedError when something still uses it."""
    event = removal_of(actor=actor, row=row)
    row.delete()
    record_all([event])


def removal_of(*, actor: Actor, row: Record) -> AuditEvent:
    return _event(actor, row, Action.DELETED, held(row), {})


def held(row: Record) -> Snapshot:
    """Return the values of the row that the audit log has, for a comparison."""
    return snapshot(row, row.audit_fields)


def _event(
    actor: Actor, row: Record, action: Action, before: Mapping[str, object], after: Mapping[str, object]
) -> AuditEvent:
    return event_of(
        actor,
        action=action,
        kind=row.audit_kind,
        object_id=row.pk,
        object_name=str(row),
        before=before,
        after=after,
    )
