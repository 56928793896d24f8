"""Restores an earlier version: its values are put into the normal form, and nothing is saved before Save is pressed.

So rules, rights, the version that the editor saw, the audit event and the check are those of any other save. Secrets
are never restored: the audit log does not have them.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db.models import BooleanField
from django.http import QueryDict
from django.urls import reverse

from configurator.accounts.audit_scope import sees_object, states_seen
from configurator.accounts.models import User
from configurator.audit.choices import Kind
from configurator.audit.models import AuditEvent
from configurator.audit.registry import relations_of, secrets_of
from configurator.audit.states import State, state_at
from configurator.audit.words import CHANGED_SINCE, as_tick
from configurator.console.objects.conflict import Side, shown
from configurator.console.objects.fields import SecretField
from configurator.console.objects.forms import RecordForm
from configurator.console.records.record import Record
from configurator.console.records.secrets import RETYPE, SecretChange

# The most digits of an event's number.
LONGEST: Final = 18


@dataclass(frozen=True)
class Stored:
    """The present secret in place of one that an earlier version had."""

    there: bool
    replaced: bool
    fits: bool

    def side(self, label: str) -> Side:
        """Return what becomes of it, and what it is."""
        again = "enter it again: the destination changes" if self.there else "enter it again"
        return Side(label, "stays as stored" if self.fits else again, self.word)

    @property
    def word(self) -> str:
        return CHANGED_SINCE if self.replaced else "set" if self.there else "–"


@dataclass(frozen=True)
class Earlier:
    """An earlier version of an object, from which its form starts, and the secrets that have changed since."""

    state: State
    initial: dict[str, Any]
    secrets: dict[str, Stored] = field(default_factory=dict)

    @property
    def query(self) -> str:
        """The version in a URL's query."""
        asked = {"put_back": self.state.seq, "of": self.state.object_id}
        of_address = {"address": self.state.object_id} if self.state.kind == Kind.ADDRESS else {}
        return urlencode(of_address | asked)

    def ask_again(self, form: RecordForm) -> None:
        """Say at each secret of the form that cannot stay as stored that it has to be entered again."""
        for name, secret in self.secrets.items():
            if secret.there and not secret.fits:
                form.ask_again(name, RETYPE.format(form.instance.goes_to))

    def sides(self, form: RecordForm) -> list[Side]:
        """Return each field of the form that differs from what is stored: the earlier value, and the present one."""
        record = form.instance
        # A bound form has changed its record.
        stored = type(record)._default_manager.get(pk=record.pk) if form.is_bound else record
        present = type(form)(instance=stored)
        words = [
            Side(
                str(form[name].label), shown(form.fields[name], value), shown(form.fields[name], present[name].value())
            )
            for name, value in self.initial.items()
        ]
        secrets = [secret.side(str(form[name].label)) for name, secret in self.secrets.items()]
        return [side for side in words if side.differs] + secrets


def own_page(new: str = "") -> Callable[[Any, State], str]:
    """Return a function for the URL of the form on the object's page, or of the page ``new`` for a deleted one."""

    def url(row: Any, state: State) -> str:
        page = row.get_absolute_url() if row else new and reverse(new)
        return f"{page}?{urlencode(version_query(row, state))}" if page else ""

    return url


def version_query(row: Any, state: State) -> dict[str, str]:
    """Return the parameters with which a form starts from the state; ``row`` is None for a deleted object."""
    return {"put_back": str(state.seq)} | ({} if row else {"of": state.object_id})


def earlier_of(form_class: type[RecordForm], record: Any, query: QueryDict, user: User) -> Earlier | None:
    """Return the version of the event ``put_back`` in the URL; ``of`` is the ID of a deleted object.

    None where there is no such version or the user may not view the Audit Log.
    """
    states = states_named(record, query, user)
    if states is None:
        return None
    row = _row(record, states[0])
    return Earlier(states[0], initial_of(form_class, row), stored_secrets(form_class, record, row, *states))


def state_named(record: Any, query: QueryDict, user: User) -> State | None:
    """Return the state of the record, or of the deleted object, that the URL names and the user may see."""
    states = states_named(record, query, user)
    return states[0] if states else None


def states_named(record: Any, query: QueryDict, user: User) -> tuple[State, State] | None:
    """Return that state, and the present one."""
    seq = query.get("put_back", "")
    if not user.may("audit_log.view") or not seq.isdecimal() or len(seq) > LONGEST:
        return None
    object_id = query.get("of", "").replace("\0", "") if record._state.adding else str(record.pk)
    if not sees_object(user, record.audit_kind, object_id):
        return None
    state, present = state_at(record.audit_kind, object_id, int(seq), AuditEvent.MOST)
    if state is None or present is None or state.gone or not states_seen(user, [state]):
        return None
    return state, present


def initial_of(form_class: type[RecordForm], row: Record) -> dict[str, Any]:
    """Return the initial values of the form; one that its field no longer accepts is left blank."""
    relations = relations_of(row.audit_kind)
    return {
        name: getattr(row, f"{name}_id" if name in relations else name)
        for name, field in form_class.base_fields.items()
        if hasattr(type(row), name) and name != "version" and not isinstance(field, SecretField)
    }


def stored_secrets(form_class: type[RecordForm], record: Any, row: Any, then: State, now: State) -> dict[str, Stored]:
    """Return of the form's secrets that were set then those that were changed since, or do not fit the earlier row."""
    if record._state.adding:
        return {}
    found, replaced = {}, then.replaced(now)
    for name, item in form_class.base_fields.items():
        if isinstance(item, SecretField) and then.values.get(name):
            there = getattr(record, f"{name}_id") is not None
            found[name] = Stored(there, name in replaced, there and _fits(row, name, record))
    return {name: secret for name, secret in found.items() if secret.replaced or not secret.fits}


def _fits(row: Any, name: str, record: Any) -> bool:
    """Return whether the record's secret may go where the row points; False where that was deleted."""
    with suppress(ObjectDoesNotExist):
        return SecretChange(row, name, record).fits
    return False


def _row(record: Any, state: State) -> Record:
    row: Record = type(record)(pk=record.pk)
    for name in set(record.audit_fields) - secrets_of(record.audit_kind):
        _put(row, name, state)
    return row


def _put(row: Record, name: str, state: State) -> None:
    """Set the field from the state, by ID where it is a relation."""
    field: Any = row._meta.get_field(name)
    value = (state.relation(name) or None) if name in relations_of(row.audit_kind) else state.values.get(name)
    if isinstance(field, BooleanField):
        value = as_tick(value)
    with suppress(ValidationError):
        setattr(row, field.attname, field.to_python(value))
