"""Records written many at once: versions, rules and events as one by one, in a statement for some hundred of them.

The counterpart of record.py for services that save or delete many, which bulk actions and imports call.
"""

import uuid
from collections.abc import Mapping, Sequence

from django.utils import timezone

from configurator.accounts.actor import Actor
from configurator.audit.services import record_all
from configurator.console.records.record import OF_THE_CHECK, Record, change_of, removal_of
from configurator.db.bulk_insert import insert_all
from configurator.db.bulk_update import update_all


def write_all(*, actor: Actor, rows: Sequence[Record], stored: Mapping[uuid.UUID, Record]) -> None:
    """Do as write() does, to rows of one model: new ones, and those whose locked rows are in ``stored``.

    Raises ValidationError for the first row that breaks a rule of a field, and IntegrityError where the database finds
    one of its own broken, which broken_constraints() finds beforehand. write() says of each row why.
    """
    new: list[Record] = []
    old: list[Record] = []
    events = []
    for row in rows:
        before = stored.get(row.pk)
        event = change_of(actor=actor, row=row, stored=before)
        if event is None:
            continue
        row.clean_fields(exclude=_unchanged_fields(row, event.after or {} if before else None))
        row.clean()
        row.changed_at = timezone.now()
        (old if before else new).append(row)
        events.append(event)
    insert_all(new)
    if old:
        _update(old)
    record_all(events)


def _unchanged_fields(row: Record, changed: Mapping[str, object] | None) -> set[str]:
    """Return the fields that need no validation: unchanged ones, and relations that were read just now."""
    fields = row._meta.concrete_fields
    return {field.name for field in fields if field.is_relation or (changed is not None and field.name not in changed)}


def remove_all(*, actor: Actor, rows: Sequence[Record]) -> None:
    """Do as remove() does, to many locked rows with as many queries as for one."""
    events = [removal_of(actor=actor, row=row) for row in rows]
    if rows:
        type(rows[0])._default_manager.filter(pk__in=[row.pk for row in rows]).delete()
    record_all(events)


def _update(rows: Sequence[Record]) -> None:
    update_all(rows, [field for field in type(rows[0])._meta.concrete_fields if field.name not in OF_THE_CHECK])
