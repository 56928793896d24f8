"""Selects look as Django's templates make them."""

from typing import Any

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import mark_safe

from configurator.console.objects.widgets import Renderer

CHOICES: tuple[Any, ...] = (
    ("", "Any"),
    (None, "None at all"),
    ('"><script>', "<b> & 'this'"),
    ("i", mark_safe("<i>")),
    (7, "seven"),
    ("Group <1>", (("x", "ex"), ("y", "why"))),
)


@pytest.mark.parametrize("value", ["", None, "7", "y", '"><script>', "unknown", ["x", "y"]])
@pytest.mark.parametrize("kind", [forms.Select, forms.SelectMultiple])
@pytest.mark.parametrize("attrs", [{}, {"class": 'a"b', "required": True, "hidden": False, "data-n": 3}])
def test_a_select_is_what_the_template_makes(kind: type[forms.Select], value: Any, attrs: dict[str, Any]) -> None:
    select = kind(attrs=attrs, choices=CHOICES)

    quick = select.render("of <all>", value, {"id": "id_x"}, renderer=Renderer())

    assert quick == select.render("of <all>", value, {"id": "id_x"}, renderer=TemplatesSetting())
    assert "<script>" not in quick
