"""Form fields of the console."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from configurator import signs
from configurator.dates import ISO, NotADate, read_date
from configurator.vault.text import Secret

# Digits in groups of three, as some countries separate thousands and others decimals.
GROUPED: Final = re.compile(r"[+-]?\d{1,3}([.,'\u2019 \u00a0\u2009\u202f]\d{3})+")


class DateInput(forms.DateInput):
    """The browser's date picker, or a text field for text that a picker could not show, so that it stays."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        shown = context["widget"]["value"]
        if shown and not ISO.fullmatch(shown):
            context["widget"]["type"] = "text"
        return context


class DateField(forms.DateField):  # noqa: TID251  this is the one to use instead
    """A date, picked or typed as ``configurator.dates`` reads it. All forms and filters use this field."""

    widget = DateInput

    def to_python(self, value: Any) -> date | None:
        if not isinstance(value, str):
            return super().to_python(value)
        try:
            return read_date(value).day if value.strip() else None
        except NotADate as error:
            raise ValidationError(str(error), code="invalid") from error


class NumberField(forms.IntegerField):
    """A whole number. What two countries read differently is refused, and so is a lookalike character."""

    # 5.0 and 5,0 are whole; three zeros are thousands to some.
    re_decimal = re.compile(r"[.,]0{0,2}\s*$")

    def to_python(self, value: Any) -> int | None:
        if not isinstance(value, str):
            return super().to_python(value)
        text = signs.stripped(value)
        if GROUPED.fullmatch(text):
            digits = re.sub(r"[^\d-]", "", text)
            raise ValidationError(
                f"{text} is {digits} in some countries only. Write the number that is meant without separators.",
                code="grouped",
            )
        sign = signs.strange(text)
        if sign and signs.looks_like(sign.char) and not sign.char.isdecimal():
            raise ValidationError(str(sign), code="strange_sign")
        return super().to_python(text)


def cleaned(read: Callable[[str], str], text: str) -> str:
    """Return the result of ``read``, of configurator.signs; ValidationError for a character that it refuses."""
    try:
        return read(text)
    except signs.StrangeSign as strange:
        raise forms.ValidationError(str(strange), code="strange_sign") from strange


class LineField(forms.CharField):
    def to_python(self, value: Any) -> str:
        return cleaned(signs.line, super().to_python(value) or "")


class LinesField(forms.CharField):
    """Free text of several lines, with plain line feeds; each counts as one character, as browsers count it."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return cleaned(signs.lines, super().to_python(value) or "")


class ValueField(forms.CharField):
    """An identifier or an address; ``dropped`` are the invisible characters dropped from the last value."""

    dropped: Sequence[signs.Sign] = ()

    def to_python(self, value: Any) -> str:
        text = str(value or "")
        self.dropped = signs.dropped(text)
        return super().to_python(signs.stripped(text)) or ""


class MailField(ValueField):
    def to_python(self, value: Any) -> str:
        """Refuse a lookalike character; an internationalised domain is right."""
        return cleaned(signs.address, super().to_python(value))


class UserMailField(MailField, forms.EmailField):
    """The e-mail address of a user."""


def dropped_notice(dropped: Iterable[signs.Sign]) -> str:
    """Return which characters were taken out of a value, "" where none was."""
    names = ", ".join(sign.name for sign in dropped)
    return f"What is not seen was taken out: {names}." if names else ""


def dropped_notices(fields: Iterable[forms.Field]) -> list[str]:
    values = [field for field in fields if isinstance(field, ValueField)]
    return [f"{field.label}: {said}" for field in values if (said := dropped_notice(field.dropped))]


class SecretField(forms.CharField):
    """A write-only field: its value is a Secret, or None when left blank, and it is never sent back.

    ``check`` raises ValidationError for a secret that cannot be right.
    """

    def __init__(self, *, check: Callable[[Secret], None], **kwargs: Any) -> None:
        attrs = {"autocomplete": "new-password", "spellcheck": "false", "data-secret": "true"}
        kwargs.setdefault("widget", forms.PasswordInput(render_value=False, attrs=attrs))
        super().__init__(strip=False, **kwargs)
        self.check = check

    def clean(self, value: Any) -> Any:
        secret = Secret(super().clean(value) or "")
        if not secret:
            return None
        self.check(secret)
        return secret

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Any text is a change: the stored value is not known here."""
        return bool(data)


class VersionField(forms.IntegerField):
    """The version of a record that the editor saw, in a hidden input; 0, which no record has, when unreadable."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.HiddenInput, required=False, **kwargs)

    def clean(self, value: Any) -> int:
        """Return the number, 0 for anything else."""
        try:
            return int(super().clean(value) or 0)
        except forms.ValidationError:
            return 0
