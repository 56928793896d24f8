"""The base of each record's form: blocks of fields in SC's order, and the version the editor saw."""

from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from django import forms
from django.forms.boundfield import BoundField
from django.utils.text import slugify

from configurator.console.objects.fields import DateField, SecretField, VersionField, dropped_notices
from configurator.dates import read_date


@dataclass(frozen=True)
class Block:
    """A named block of an object page and the fields in it; ``template`` replaces the fields.

    ``intro`` is help for filling it in; ``note`` is shown to readers too.
    """

    title: str
    fields: tuple[str, ...] = ()
    template: str = ""
    intro: str = ""
    note: str = ""

    @property
    def anchor(self) -> str:
        return slugify(self.title.replace("/", " "))


@dataclass(frozen=True)
class BoundBlock:
    block: Block
    fields: list[BoundField]

    @property
    def has_errors(self) -> bool:
        return any(field.errors for field in self.fields)


WORDS = {
    "null_characters_not_allowed": "A control character is in here. Take it out, or type the text anew.",
    "max_length": "Shorten it: at most %(limit_value)d characters fit, this has %(show_value)d.",
}


def say_what_to_do(field: forms.Field) -> None:
    """Replace Django's messages that only name a fault; those of the form itself stay."""
    field.error_messages |= WORDS
    if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
        field.error_messages["required"] = f"{field.label} is required: fill it in."


def typed_secrets(form: forms.BaseForm) -> list[BoundField]:
    """Return the secret fields in which something was typed, which must be typed again after an error."""
    secret = [name for name, field in form.fields.items() if isinstance(field, SecretField)]
    return [form[name] for name in secret if form.data.get(form.add_prefix(name))]


class Noticing(Protocol):
    """A form with notices after the save."""

    fields: dict[str, forms.Field]
    data: Any
    cleaned_data: dict[str, Any]

    def add_prefix(self, field_name: str) -> str:
        """Return the name under which the field was sent."""

    def notices(self) -> list[str]:
        """Return what the editor should know after the save."""


def notices_of(form: Noticing) -> list[str]:
    """Return the notices after the save of a valid form.

    Of dates, times of day that were left out; of values, invisible characters that were dropped.
    """
    dates = [name for name, field in form.fields.items() if isinstance(field, DateField)]
    sent = [(name, form.data.get(form.add_prefix(name))) for name in dates if form.cleaned_data.get(name)]
    notes = [(name, read_date(text).note) for name, text in sent if isinstance(text, str)]
    said = [f"{form.fields[name].label}: {note}" for name, note in notes if note]
    return said + dropped_notices(form.fields.values()) + form.notices()


class RecordForm(forms.ModelForm):
    """A form that views bind and services save; ``save()`` is not used."""

    version = VersionField()
    blocks: ClassVar[tuple[Block, ...]]
    # Model fields whose constraints wait for the service, which alone knows their values.
    left_to_service: ClassVar[frozenset[str]] = frozenset()
    # Ticks that confirm a save, and are not needed for a check of what is not saved yet.
    confirmations: ClassVar[frozenset[str]] = frozenset()
    # Rules of the shape field -> "other_field=value", for static/js/fields.js; clean() applies them for every client. A
    # field that is not shown is not sent; one that is not used is hidden and keeps its value.
    shown_when: ClassVar[dict[str, str]] = {}
    used_when: ClassVar[dict[str, str]] = {}
    required_when: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Start from the instance's version; inputs name their form, since blocks with other forms come in between."""
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = None if self.instance._state.adding else self.instance.version
        for name, field in self.fields.items():
            say_what_to_do(field)
            field.widget.attrs["form"] = "record-form"
            if isinstance(field, SecretField) and getattr(self.instance, f"{name}_id", None):
                field.help_text = f"{field.help_text} Leave it blank to keep the stored one."
            if inherited := self.inherited(name):
                field.widget.attrs["placeholder"] = inherited
            if name in self.shown_when:
                field.widget.attrs["data-shown-when"] = self.shown_when[name]
            if name in self.used_when:
                field.widget.attrs["data-used-when"] = self.used_when[name]

    def inherited(self, name: str) -> str:
        """Return in words the value in effect while the field is empty, and where it comes from; "" where there is
        none.
        """
        inherited = getattr(self.instance, "inherited", None)
        return str(inherited(name) or "") if inherited and name in (self._meta.fields or ()) else ""

    def condition(self, name: str) -> str:
        """Return the rule under which the field is required; "" where that never depends on another field.

        A secret that is stored may stay blank.
        """
        stored = isinstance(self.fields[name], SecretField) and getattr(self.instance, f"{name}_id", None)
        return "" if stored else self.required_when.get(name, "")

    def ask_again(self, name: str, why: str) -> None:
        """Say in the help of a secret why it has to be entered again."""
        self.fields[name].help_text = f"{self.base_fields[name].help_text} {why}"

    def clean_version(self) -> int | None:
        """Return the version that the editor saw; None for a new record, 0, which none has, where it was not sent."""
        return None if self.instance._state.adding else self.cleaned_data["version"]

    def _get_validation_exclusions(self) -> set[str]:
        """Leave constraints on some fields to the service."""
        own: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # absent from the stubs
        return own | self.left_to_service

    def bound_blocks(self) -> list[BoundBlock]:
        return [BoundBlock(block, [self[name] for name in block.fields]) for block in self.blocks]

    def secrets(self) -> dict[str, Any]:
        """Return the cleaned value of each secret field: a Secret, or None to keep the stored one."""
        return {
            name: self.cleaned_data.get(name) for name, field in self.fields.items() if isinstance(field, SecretField)
        }

    def typed_secrets(self) -> list[BoundField]:
        return typed_secrets(self)

    def notices(self) -> list[str]:
        return []
