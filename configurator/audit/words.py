"""What the audit trail says of a change, in the words of the screens."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from django.core.exceptions import FieldDoesNotExist
from django.db.models import BooleanField

from configurator.audit.models import AuditEvent
from configurator.audit.registry import audited

# What is said of a secret that is set at both instants, and was changed between them.
CHANGED_SINCE: Final = "set, changed since"


def changed_fields(event: AuditEvent) -> list[str]:
    """Return the names of the fields whose values the event changed."""
    before, after = event.before or {}, event.after or {}
    return [name for name in {**before, **after} if before.get(name) != after.get(name)]


def words_of(event: AuditEvent) -> list[tuple[str, str, str]]:
    """Return each field that the event changed: its label, what it was, what it is; no line for two blanks."""
    before, after = event.before or {}, event.after or {}
    said = [in_words(event.kind, name, before.get(name), after.get(name)) for name in changed_fields(event)]
    return [(label, then, now) for label, then, now in said if then or now]


def field_of(kind: str, name: str) -> Any:
    """Return the field of the model; None where the model or the field is known no more."""
    with suppress(KeyError, FieldDoesNotExist):
        return audited[kind].model._meta.get_field(name)
    return None


def fields_of(kind: str, *sides: Mapping[str, Any]) -> list[str]:
    """Return the fields of the kind in the order of its screen, then those that only the sides still name."""
    known = audited[kind].fields if kind in audited else ()
    return list(dict.fromkeys([*known, *(name for side in sides for name in side)]))


def value_in_words(kind: str, name: str, value: Any) -> str:
    """Return a value of the field in the words of the screens."""
    return in_words(kind, name, None, value)[2]


def label_of(kind: str, name: str) -> str:
    """Return the field's label in the words of the screens, where the field is still known."""
    if kind in audited and name in audited[kind].labels:
        return audited[kind].labels[name]
    label = str(getattr(field_of(kind, name), "verbose_name", name.replace("_", " ")))
    return label[:1].upper() + label[1:]


def in_words(kind: str, name: str, before: Any, after: Any) -> tuple[str, str, str]:
    """Return the field's label and its two sides, in the words of the screens where the field is still known."""
    field = field_of(kind, name)
    if isinstance(field, BooleanField):
        return label_of(kind, name), ticked_in_words(before), ticked_in_words(after)
    choices = dict(getattr(field, "flatchoices", []))
    then, now = (choices.get(value, value) if isinstance(value, str | int) else value for value in (before, after))
    return label_of(kind, name), plain(then), plain(now)


def as_tick(value: Any) -> Any:
    """Return the value of a tick box; from before it was one the trail holds a text, and any text means ticked."""
    return bool(value.strip()) if isinstance(value, str) else value


def ticked_in_words(value: Any) -> str:
    """Return Yes or No, with the text where the trail holds one."""
    return f"Yes ({value})" if isinstance(value, str) and value.strip() else plain(as_tick(value))


def plain(value: Any) -> str:
    """Return a value of the trail as text: a relation by its name."""
    if isinstance(value, dict):
        return str(value.get("name", value))
    if isinstance(value, list):
        return ", ".join(map(plain, value))
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return "" if value is None else str(value)


def field_choices() -> list[tuple[str, str]]:
    """Return the name and label of each audited field; a name that two kinds share is listed once."""
    found: dict[str, set[str]] = {}
    for kind, registered in audited.items():
        for name in registered.fields:
            found.setdefault(name, set()).add(label_of(kind, name))
    return sorted(((name, " / ".join(sorted(labels))) for name, labels in found.items()), key=lambda item: item[1])
