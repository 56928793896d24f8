"""The ID of a record that a form is about to create, so that the same form sent twice creates one record.

A new form has the ID, signed for its user, in a hidden field; the new record gets it as its primary key.
"""

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from django.core import signing
from django.db.models import QuerySet
from django.forms.boundfield import BoundField
from django.utils import timezone

from configurator.accounts.models import User
from configurator.console.objects.conflict import shown
from configurator.console.objects.fields import SecretField
from configurator.console.objects.forms import RecordForm
from configurator.console.records.record import Record

FIELD: Final = "new_id"
_SALT: Final = "configurator.console.objects.new_records"
# A secret cannot be compared: one typed again counts as the same only this soon after the save.
_SOON: Final = timedelta(minutes=1)


def signed_id(user: User, pk: uuid.UUID | None = None) -> str:
    return signing.dumps([str(user.pk), str(pk or uuid.uuid4())], salt=_SALT)


def id_in(data: Mapping[str, Any], user: User) -> uuid.UUID | None:
    """Return the ID in the sent form; None where it has none that was signed for this user."""
    try:
        signed_for, pk = signing.loads(str(data.get(FIELD, "")), salt=_SALT)
    except signing.BadSignature:
        return None
    return uuid.UUID(pk) if signed_for == str(user.pk) else None


def is_sent_again(form: RecordForm, stored: Record, user: User) -> bool:
    """Return whether ``stored`` is what the user saved when the bound form was sent before."""
    if stored.changed_by != user.username or not _holds_what_was_typed(form, stored):
        return False
    changed_at = getattr(stored, "changed_at", None)
    return not form.typed_secrets() or changed_at is None or changed_at > timezone.now() - _SOON


def _holds_what_was_typed(form: RecordForm, stored: Record) -> bool:
    """Return whether the record has the value of every stored field of the form; secrets are left out."""
    of_stored = type(form)(instance=stored)
    return all(
        shown(bound.field, _typed(form, bound)) == shown(bound.field, of_stored[bound.name].value())
        for bound in form.visible_fields()
        if hasattr(stored, bound.name) and not isinstance(bound.field, SecretField)
    )


def _typed(form: RecordForm, bound: BoundField) -> Any:
    """Return the value of the field as it would be saved, or what was typed where that was refused."""
    value = form.cleaned_data.get(bound.name, bound.value())
    if isinstance(value, QuerySet):
        return list(value)
    return bound.field.prepare_value(value.strip() if isinstance(value, str) else value)
