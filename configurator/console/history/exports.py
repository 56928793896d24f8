"""The columns of the Audit Log's files."""

from typing import Any

from configurator.audit.choices import ACT_WORDS, KIND_WORDS
from configurator.audit.models import AuditEvent
from configurator.audit.words import changed_fields, in_words
from configurator.console.exports.columns import Cell, Column, Export, column, moment


def _change(kind: str, before: Any, after: Any) -> Cell:
    """Return each field that changed, a line each."""
    names = changed_fields(AuditEvent(before=before, after=after))
    sides = [in_words(kind, name, (before or {}).get(name), (after or {}).get(name)) for name in names]
    return "\n".join(
        f"{label}: {then} → {now}" if then else f"{label}: {now}" for label, then, now in sides if then or now
    )


AUDIT_EXPORT = Export(
    (
        column("Number", "seq"),
        moment("When", "at"),
        column("Who", "actor_name"),
        column("Act", "action", ACT_WORDS),
        column("Of", "kind", KIND_WORDS),
        column("Name", "object_name"),
        column("Object Id", "object_id"),
        Column("Change", ("kind", "before", "after"), _change),
        column("Request", "request_id"),
    )
)
