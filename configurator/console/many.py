"""Records written many at once: the same rules as one by one, in one question and one statement for all.

The counterpart of records.py for whoever saves thousands of rows in a transaction.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import CheckConstraint, Field, Q
from django.db.models.sql import Query
from django.utils import timezone

from configurator.accounts.actor import Actor
from configurator.audit.choices import Action
from configurator.audit.services import Act
from configurator.audit.snapshots import changes, plain, snapshot
from configurator.console.records import OF_THE_CHECK, Record, StaleVersion

Pair = tuple[Any, Any]  # the row to save, and the locked row before it, None for a new one


@dataclass(frozen=True)
class Edit:
    """What one record shall become: a new one without a version, otherwise the one that was seen in that version."""

    pk: uuid.UUID
    version: int | None
    values: dict[str, Any]


class Gone(Exception):
    """A record that an edit is about, or that it names, is there no more."""


def compared(stored: dict[uuid.UUID, Any], edits: Iterable[Edit]) -> None:
    """Raise StaleVersion or Gone unless each edit was made from the record as it is stored."""
    for edit in edits:
        if edit.version is None:
            continue
        if edit.pk not in stored:
            raise Gone("It was deleted meanwhile.")
        if stored[edit.pk].version != edit.version:
            raise StaleVersion(stored[edit.pk])


def write_many(*, actor: Actor, pairs: Sequence[Pair]) -> list[Act]:
    """Validate and save the rows of one model as write() does, and return an act for each that changed.

    Raises ValidationError for the first row that breaks a rule of a field, and IntegrityError where the database finds
    one of its own broken, which broken_constraints() tells beforehand. The acts are for the caller to record.
    """
    acts: list[Act] = []
    new: list[Any] = []
    old: list[Any] = []
    for row, stored in pairs:
        act = _act(row, stored)
        if act is None:
            continue
        row.version = stored.version + 1 if stored else 1
        row.changed_by, row.changed_at = actor.name, timezone.now()
        row.clean_fields(exclude={field.name for field in row._meta.concrete_fields if field.is_relation})
        row.clean()
        (old if stored else new).append(row)
        acts.append(act)
    if new:
        type(new[0])._default_manager.bulk_create(new)
    if old:
        _update(old)
    return acts


def _act(row: Record, stored: Record | None) -> Act | None:
    """Return what the trail will say of the row; None where nothing changes."""
    before = snapshot(stored, stored.audit_fields) if stored else {}
    then, now = changes(before, snapshot(row, row.audit_fields))
    if stored and not now:
        return None
    action = Action.CHANGED if stored else Action.CREATED
    return Act(str(action), row.audit_kind, str(row.pk), str(row), then, now)


def act_of_removal(row: Record) -> Act:
    """Return what the trail will say of the row that is deleted."""
    before = {name: plain(value) for name, value in snapshot(row, row.audit_fields).items()}
    return Act(str(Action.DELETED), row.audit_kind, str(row.pk), str(row), before, {})


def broken_constraints(rows: Sequence[Record]) -> list[list[str]]:
    """Return for each row the messages of the database's own rules that it breaks, found in one question."""
    if not rows:
        return []
    model = type(rows[0])
    checks = [item for item in model._meta.constraints if isinstance(item, CheckConstraint)]
    conditions: list[str] = []
    parameters: list[Any] = []
    for check in checks:
        query = Query(model, alias_cols=False)
        rule: Any = check.condition
        sql, values = query.build_where(rule).as_sql(query.get_compiler(connection=connection), connection)
        conditions.append(f"({sql}) IS FALSE")
        parameters += values
    named = {name for check in checks for name in Q(check.condition).referenced_base_fields}
    table, cells = _values([field for field in model._meta.concrete_fields if field.name in named], rows)
    sql = f"SELECT {', '.join(conditions)} FROM {table}"  # noqa: S608  names and conditions are the models' own
    with connection.cursor() as cursor:
        cursor.execute(sql, [*parameters, *cells])
        found = cursor.fetchall()
    said = [str(check.get_violation_error_message()) for check in checks]
    return [[text for text, broken in zip(said, flags, strict=True) if broken] for flags in found]


def _update(rows: Sequence[Record]) -> None:
    """Write the columns that a save writes, of all rows in one statement."""
    model = type(rows[0])
    key = model._meta.pk
    fields = [field for field in model._meta.concrete_fields if field.name not in OF_THE_CHECK]
    quote = connection.ops.quote_name
    columns = [quote(str(field.column)) for field in fields if field is not key]
    table, cells = _values(fields, rows)
    named = quote(model._meta.db_table)
    sets = ", ".join(f"{column} = new.{column}" for column in columns)
    identity = quote(str(key.column))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {named} SET {sets} FROM {table} WHERE {named}.{identity} = new.{identity}",  # noqa: S608  the models' names
            cells,
        )


def _values(fields: Sequence["Field[Any, Any]"], rows: Sequence[Record]) -> tuple[str, list[Any]]:
    """Return SQL for a table ``new`` of the rows, in their order, and what stands in its cells."""
    types = [str(field.db_type(connection)).partition("(")[0] for field in fields]
    first = ", ".join(f"%s::{kind}" for kind in types)
    other = ", ".join(["%s"] * len(fields))
    lines = ", ".join([f"({first})", *[f"({other})"] * (len(rows) - 1)])
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    cells = [field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows for field in fields]
    return f"(VALUES {lines}) AS new({columns})", cells
