"""Two versions of a record side by side, for the editor whose save came second."""

from dataclasses import dataclass
from typing import Any

from django.forms.models import ModelChoiceField

from configurator.console.objects.fields import SecretField
from configurator.console.objects.forms import RecordForm
from configurator.console.records.record import Record


@dataclass(frozen=True)
class Side:
    label: str
    typed: str
    stored: str

    @property
    def differs(self) -> bool:
        return self.typed != self.stored


def both_sides(form: RecordForm, stored: Record) -> list[Side]:
    """Return each stored field of the bound form with the stored value; secrets say only whether one was typed."""
    other = type(form)(instance=stored)
    sides = []
    for bound in form.visible_fields():
        if not hasattr(stored, bound.name):
            continue  # a tick that only controls the form: it is not stored
        if isinstance(bound.field, SecretField):
            typed = "typed, not stored: type it again to save it" if form.cleaned_data.get(bound.name) else "as stored"
            sides.append(Side(str(bound.label), typed, "as stored"))
            continue
        theirs = other[bound.name].value()
        sides.append(Side(str(bound.label), shown(bound.field, bound.value()), shown(bound.field, theirs)))
    return sides


def shown(field: Any, value: Any) -> str:
    """Return the value as the field displays it."""
    if value in (None, "") or value == []:
        return "–"
    if isinstance(value, list):
        words = [shown(field, item) for item in value]
        return ", ".join(sorted(words) if isinstance(field, ModelChoiceField) else words)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(field, ModelChoiceField):
        found = field.queryset.filter(pk=getattr(value, "pk", value)).first() if field.queryset is not None else None
        return str(found or value)
    choices = getattr(field, "choices", None)
    if choices:
        return str(dict(field.choices).get(value, value))
    return str(value)
