"""What the audit trail says of a change, in the words of the screens."""

from contextlib import suppress
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist

from configurator.audit.models import AuditEvent

MODELS = {
    "incoming_server": "mailsettings.IncomingServer",
    "outgoing_server": "mailsettings.OutgoingServer",
    "queue": "queues.Queue",
    "address": "queues.QueueAddress",
}


def changed_fields(event: AuditEvent) -> list[str]:
    """Return the names of the fields whose values the event changed."""
    before, after = event.before or {}, event.after or {}
    return [name for name in {**before, **after} if before.get(name) != after.get(name)]


def field_of(kind: str, name: str) -> Any:
    """Return the field of the model; None where the model or the field is known no more."""
    with suppress(LookupError, FieldDoesNotExist):
        return apps.get_model(MODELS[kind])._meta.get_field(name)
    return None


def label_of(kind: str, name: str) -> str:
    """Return the field's label in the words of the screens, where the field is still known."""
    label = str(getattr(field_of(kind, name), "verbose_name", name.replace("_", " ")))
    return label[:1].upper() + label[1:]


def in_words(kind: str, name: str, before: Any, after: Any) -> tuple[str, str, str]:
    """Return the field's label and its two sides, in the words of the screens where the field is still known."""
    choices = dict(getattr(field_of(kind, name), "flatchoices", []))
    then, now = (choices.get(value, value) if isinstance(value, str | int) else value for value in (before, after))
    return label_of(kind, name), plain(then), plain(now)


def plain(value: Any) -> str:
    """Return a value of the trail as text: a relation by its name."""
    if isinstance(value, dict):
        return str(value.get("name", value))
    if isinstance(value, list):
        return ", ".join(map(plain, value))
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return "" if value is None else str(value)
