"""Records that people edit: their identity, their version, and the one way to write them.

A write locks the stored row, compares the version that the editor saw, validates, saves and leaves one
audit event, all in the caller's transaction.
"""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import ClassVar, Self

from django.db import models
from django.db.models import F
from django.utils import timezone

from configurator.accounts.actor import Actor
from configurator.audit.choices import Action
from configurator.audit.services import record
from configurator.audit.snapshots import JSON, Snapshot, changes, snapshot
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

    @classmethod
    def locked_all(cls, rows: Sequence[Self], *related: str) -> dict[uuid.UUID, Self]:
        """Return the stored rows with their relations, locked; StaleVersion or DoesNotExist for any that changed."""
        found = cls._default_manager.filter(pk__in=[row.pk for row in rows]).select_for_update(of=("self",))
        stored = {row.pk: row for row in found.select_related(*related)}
        for row in rows:
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


def write_all(*, actor: Actor, rows: Sequence[Record], stored: Mapping[uuid.UUID, Record]) -> None:
    """Do as write() does, to many locked rows: those that get the same values are saved in one statement.

    ``rows`` are none that are new. What changed is validated, and constraints are left to the database, so that
    IntegrityError may come as well as ValidationError. Then nothing is saved, and write() tells of each row why.
    """
    alike: dict[tuple[tuple[str, object], ...], list[uuid.UUID]] = defaultdict(list)
    changed = [(row, *_changed(row, stored[row.pk])) for row in rows]
    for row, _, new in changed:
        columns = [field.attname for field in row._meta.concrete_fields if field.name in new]
        alike[tuple((column, getattr(row, column)) for column in columns)].append(row.pk)
    for values, pks in alike.items():
        if values:
            version, at = F("version") + 1, timezone.now()
            of_all = type(rows[0])._default_manager.filter(pk__in=pks)
            of_all.update(**dict(values), version=version, changed_at=at, changed_by=actor.name)
    for row, old, new in changed:
        if new:
            record(
                actor=actor,
                action=Action.CHANGED,
                kind=row.audit_kind,
                object_id=str(row.pk),
                object_name=str(row),
                before=old,
                after=new,
            )


def _changed(row: Record, stored: Record) -> tuple[Mapping[str, JSON], Mapping[str, JSON]]:
    """Validate what changed on the row, give it its version, and return the values before and after."""
    old, new = changes(snapshot(stored, stored.audit_fields), snapshot(row, row.audit_fields))
    if new:
        # Relations are rows that were read just now, and the database holds them.
        fields = [field for field in row._meta.concrete_fields if field.name not in new or field.is_relation]
        row.clean_fields(exclude={field.name for field in fields})
        row.clean()
        row.version = stored.version + 1
    return old, new


def _editable(row: Record) -> list[str]:
    """Return the columns that a save writes."""
    columns = (field for field in row._meta.concrete_fields if not field.primary_key)
    return [field.name for field in columns if field.name not in OF_THE_CHECK]


def remove(*, actor: Actor, row: Record) -> None:
    """Delete the locked ``row`` and record what it held; ProtectedError when something still uses it."""
    held = snapshot(row, row.audit_fields)
    pk = row.pk
    row.delete()
    _record_removed(actor, row, pk, held)


def remove_all(*, actor: Actor, rows: Sequence[Record]) -> None:
    """Do as remove() does, to many locked rows in as many queries as to one."""
    held = [(row, row.pk, snapshot(row, row.audit_fields)) for row in rows]
    if held:
        type(rows[0])._default_manager.filter(pk__in=[pk for _, pk, _ in held]).delete()
    for row, pk, values in held:
        _record_removed(actor, row, pk, values)


def _record_removed(actor: Actor, row: Record, pk: uuid.UUID, held: Snapshot) -> None:
    """Record what the row held that is gone."""
    record(
        actor=actor,
        action=Action.DELETED,
        kind=row.audit_kind,
        object_id=str(pk),
        object_name=str(row),
        before=held,
        after={},
    )
