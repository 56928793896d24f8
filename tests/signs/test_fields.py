"""Every text field of every form reads its signs by one of the kinds in docs/signs.md."""

from collections.abc import Iterator
from importlib import import_module

import pytest
from django import forms
from django.conf import settings

# Passwords of users, which Django's own forms take, what is chosen from a list, and what nobody types.
OTHERWISE = {"password", "old_password", "new_password1", "new_password2", "password1", "password2", "type", "query"}
OWN = ("configurator", "mailsettings", "queues", "imports", "tokenchecks", "health", "dashboard", "support", "tests")


def every_form(of: type[forms.BaseForm] = forms.BaseForm) -> Iterator[type[forms.BaseForm]]:
    """Yield each form of ours."""
    import_module(settings.ROOT_URLCONF)
    for form in of.__subclasses__():
        if form.__module__.startswith(OWN[:-1]):
            yield form
        yield from every_form(form)


def test_no_text_field_is_left_out() -> None:
    plain = {
        f"{form.__module__}.{form.__qualname__}.{name}"
        for form in every_form()
        for name, field in getattr(form, "base_fields", {}).items()
        if type(field) in (forms.CharField, forms.EmailField) and name not in OTHERWISE
    }
    assert plain == set()


@pytest.mark.parametrize(
    "name", ["mailsettings.forms.incoming", "queues.forms.address", "configurator.console.people.forms"]
)
def test_the_forms_are_found(name: str) -> None:
    assert name in {form.__module__ for form in every_form()}
