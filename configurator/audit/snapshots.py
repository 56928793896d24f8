"""Values as the audit log stores them: plain JSON, and of a secret only that it was set, changed or removed."""

import datetime as dt
import decimal
import uuid
from collections.abc import Iterable, Mapping
from enum import Enum, StrEnum
from typing import Any

from django.db import models

from configurator.vault.models import SealedSecret


class SecretChange(StrEnum):
    """All that the audit log ever says about a secret."""

    SET = "set"
    CHANGED = "changed"
    REMOVED = "removed"


Snapshot = dict[str, Any]
EXACT = frozenset({str, int, bool, type(None)})  # most values by far: the match below takes ten times as long
JSON = None | bool | int | str | list["JSON"] | dict[str, "JSON"]


def snapshot(instance: models.Model, fields: Iterable[str]) -> Snapshot:
    """Read the fields as they are now; compare two snapshots with changes().

    A relation gives ID and name, a sealed secret only which one it is.
    """
    return {name: _read(instance, name) for name in fields}


def changes(before: Snapshot, after: Snapshot) -> tuple[dict[str, JSON], dict[str, JSON]]:
    """Return the two sides of the values that differ."""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    then = {name: plain(before.get(name)) for name in names}
    now = {name: _now(before.get(name), after.get(name)) for name in names}
    return then, now


def plain(value: object) -> JSON:
    """Return the value as JSON stores it exactly; TypeError for anything else, a secret's text above all."""
    if type(value) in EXACT:
        return value  # type: ignore[return-value]
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return _scalar(value)


def _scalar(value: object) -> JSON:
    match value:
        case SecretMark():
            return SecretChange.SET.value
        case Enum():
            return plain(value.value)
        case None | bool() | int() | str():
            return value
        case dt.date() | dt.time():
            return value.isoformat()
        case uuid.UUID() | decimal.Decimal():
            return str(value)
    raise TypeError(f"The trail keeps no {type(value).__name__}.")


class SecretMark:
    """Which sealed secret a record holds: it can be compared, and shows nothing."""

    def __init__(self, pk: uuid.UUID) -> None:
        self._pk = pk

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SecretMark) and self._pk == other._pk

    def __hash__(self) -> int:
        return hash(self._pk)


def _now(before: object, after: object) -> JSON:
    if isinstance(before, SecretMark):
        return SecretChange.CHANGED.value if isinstance(after, SecretMark) else SecretChange.REMOVED.value
    return plain(after)


def _read(instance: models.Model, name: str) -> object:
    field = instance._meta.get_field(name)
    if field.many_to_many:
        rows = getattr(instance, name).all()
        return sorted(({"id": str(row.pk), "name": str(row)} for row in rows), key=lambda item: item["id"])
    if field.is_relation and field.related_model is SealedSecret:
        pk = getattr(instance, f"{name}_id")
        return SecretMark(pk) if pk else None
    if field.is_relation:
        row = getattr(instance, name)
        return {"id": str(row.pk), "name": str(row)} if row else None
    return plain(getattr(instance, name))
