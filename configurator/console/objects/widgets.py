"""Renders the forms' widgets by Django's templates, except selects.

Django renders a template and two includes for each option, which made up a third of a list's page with filters of many
choices; here a select is put together at once, character for character as its template would.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString

SELECT: Final = "django/forms/widgets/select.html"


class Renderer(TemplatesSetting):
    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> SafeString:
        if template_name == SELECT:
            # Each piece is escaped where it is inserted.
            return SafeString("".join(_select(context["widget"])))
        return SafeString(super().render(template_name, context, request))


def _select(widget: Mapping[str, Any]) -> Iterator[str]:
    yield f'<select name="{conditional_escape(widget["name"])}"{_attributes(widget["attrs"])}>'
    for group, options, _index in widget["optgroups"]:
        if group:
            yield f'\n  <optgroup label="{conditional_escape(group)}">'
        for option in options:
            label, attributes = conditional_escape(option["label"]), _attributes(option["attrs"])
            yield f'\n  <option value="{escape(str(option["value"]))}"{attributes}>{label}</option>\n'
        if group:
            yield "\n  </optgroup>"
    yield "\n</select>"


def _attributes(attrs: Mapping[str, Any]) -> str:
    """Return the attributes; True gives one without a value, False none."""
    given = ((conditional_escape(name), value) for name, value in attrs.items() if value is not False)
    return "".join(f" {name}" if value is True else f' {name}="{escape(str(value))}"' for name, value in given)
