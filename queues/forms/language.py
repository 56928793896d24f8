"""The field in which a language is chosen."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from configurator.console.objects.fields import ValueField
from queues.languages import described, offered, tag_in

CHOOSE_LANGUAGE = (
    "No language has this name or tag. Begin to type its name, such as German, and choose it from the list, or enter a "
    "tag such as de or pt-BR."
)


class LanguageInput(forms.TextInput):
    """An input with the list of languages below it, which the browser searches as one types."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        listed = f"{(attrs or {}).get('id', name)}_languages"
        field = super().render(name, value, {**(attrs or {}), "list": listed}, renderer)
        return field + format_html('<datalist id="{}">{}</datalist>', listed, _options())


@cache
def _options() -> SafeString:
    return format_html_join("", '<option value="{}"></option>', ((language,) for language in offered()))


class LanguageField(ValueField):
    """A language as its tag, chosen by name or tag.

    ``stored`` returns the tag that the record has already, which stays even where it has no known name.
    """

    stored: Callable[[], str] = staticmethod(lambda: "")

    def __init__(self, **kwargs: Any) -> None:
        widget = LanguageInput(attrs={"autocomplete": "off", "data-kind": "language"})
        # Longer than any tag, since its name may precede it.
        super().__init__(**(kwargs | {"widget": widget, "max_length": 100, "required": False}))

    def prepare_value(self, value: Any) -> Any:
        return described(value) if value else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or "") != (tag_in(data or "") or data or "")

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if not text or text == self.stored():
            return text
        if tag := tag_in(text):
            return tag
        raise ValidationError(CHOOSE_LANGUAGE, code="language_tag")
