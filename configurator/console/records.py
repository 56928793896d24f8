"""Records that people edit: their identity, their version, and the one way to write them.

A write locks the stored row, compares the version that the editor saw, validates, saves and leaves one
audit event, all in the caller's transaction.
"""

import uuid
from typing import ClassVar, Self

from django.db import models

from configurator.accounts.actor import Actor
from configurator.audit.choices import Action
from configurator.audit.services import record
from configurator.audit.snapshots import changes, snapshot
from configurator.console.status import Checked

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


def write(*, actor: Actor, row: Record, stored: Record | None, action: Action = Action.CHANGED) -> None:
    """Validate and save ``row`` and record the event; ``stored`` is the locked row before, None for a new one.

    ``action`` is the word for a change that has one of its own.
    Raises ValidationError with messages on their fields; writes nothing when nothing changed.
    """
    before = snapshot(stored, stored.audit_fields) if stored else {}
    after = snapshot(row, row.audit_fields)
    old, new = changes(before, after)
    if stored and not new:
        row.version = stored.version
        return
    row.version = stored.version + 1 if stored else 1
    row.changed_by = actor.name
    row.full_clean()
    row.save(update_fields=_editable(row) if stored else None)
    record(
        actor=actor,
        action=action if stored else Action.CREATED,
        kind=row.audit_kind,
        object_id=str(row.pk),
        object_name=str(row),
        before=old,
        after=new,
    )


def _editable(row: Record) -> list[str]:
    """Return the columns that a save writes."""
    columns = (field for field in row._meta.concrete_fields if not field.primary_key)
    return [field.name for field in columns if field.name not in OF_THE_CHECK]


def remove(*, actor: Actor, row: Record) -> None:
    """Delete the locked ``row`` and record what it held; ProtectedError when something still uses it."""
    before = snapshot(row, row.audit_fields)
    object_id = str(row.pk)
    row.delete()
    record(
        actor=actor,
        action=Action.DELETED,
        kind=row.audit_kind,
        object_id=object_id,
        object_name=str(row),
        before=before,
        after={},
    )
