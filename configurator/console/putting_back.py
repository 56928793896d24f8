"""Putting an earlier version back: its values stand in the normal form, and nothing is saved before Save is pressed.

So rules, rights, the version that the editor saw, the audit event and the check are those of any other save. Secrets
are never put back: the trail does not hold them.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.http import QueryDict

from configurator.accounts.models import User
from configurator.audit.states import RELATIONS, SECRETS, State, state_at
from configurator.console.audit_scope import sees_object, states_seen
from configurator.console.fields import SecretField
from configurator.console.forms import RecordForm
from configurator.console.records import Record
from configurator.console.sides import Side, shown

# The digits that a number of an event has at most.
LONGEST: Final = 18


@dataclass(frozen=True)
class Earlier:
    """An earlier version of an object, as its form starts from it."""

    state: State
    initial: dict[str, Any]

    def sides(self, form: RecordForm) -> list[Side]:
        """Return each field of the form that differs from what is stored: the earlier value, and the present one."""
        present = type(form)(instance=form.instance)
        words = [
            Side(
                str(form[name].label), shown(form.fields[name], value), shown(form.fields[name], present[name].value())
            )
            for name, value in self.initial.items()
        ]
        return [side for side in words if side.differs]


def earlier_of(form_class: type[RecordForm], record: Any, query: QueryDict, user: User) -> Earlier | None:
    """Return the version that ``put_back`` in the address line names by its event; ``of`` names a deleted object.

    None where there is no such version or the user may not view the Audit Log.
    """
    state = state_named(record, query, user)
    return Earlier(state, initial_of(form_class, type(record), state)) if state else None


def state_named(record: Any, query: QueryDict, user: User) -> State | None:
    """Return the state of the record, or of the deleted object, that the address line names and the user may see."""
    seq = query.get("put_back", "")
    if not user.may("audit_log.view") or not seq.isdecimal() or len(seq) > LONGEST:
        return None
    object_id = query.get("of", "").replace("\0", "") if record._state.adding else str(record.pk)
    if not sees_object(user, record.audit_kind, object_id):
        return None
    [state] = state_at(record.audit_kind, object_id, int(seq))
    if state is None or state.gone or not states_seen(user, [state]):
        return None
    return state


def initial_of(form_class: type[RecordForm], model: type[Record], state: State) -> dict[str, Any]:
    """Return the values from which the form starts; one that its field takes no more is left blank."""
    row = model()
    for name in set(model.audit_fields) - SECRETS:
        _put(row, name, state)
    return {
        name: getattr(row, f"{name}_id" if name in RELATIONS else name)
        for name, field in form_class.base_fields.items()
        if hasattr(model, name) and name != "version" and not isinstance(field, SecretField)
    }


def _put(row: Record, name: str, state: State) -> None:
    """Give the row the state's value of the field, by its id where it is another object."""
    field: Any = row._meta.get_field(name)
    value = (state.relation(name) or None) if name in RELATIONS else state.values.get(name)
    with suppress(ValidationError):
        setattr(row, field.attname, field.to_python(value))
