"""Form fields of the mail server screens."""

import re
from typing import Any

from django import forms

from configurator.console.objects.fields import MailField, ValueField
from mailsettings.identifiers.guids import client_id, looks_like_secret

ENHANCED_SECURITY = "Enhanced security on mailboxes used this way may break attachments and links."
USERINFO = re.compile(r"(?<=://)[^/\s]*@")


class DiscreetField(ValueField):
    """A text that is shown again with its message, except a secret pasted in by mistake."""

    def __init__(self, **kwargs: Any) -> None:
        """No maximum length: each rule's own message says more."""
        kind, widget_attrs = kwargs.pop("kind", "guid"), kwargs.pop("attrs", {})
        widget = forms.TextInput(attrs={"spellcheck": "false", "data-kind": kind} | widget_attrs)
        super().__init__(widget=widget, **kwargs)

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Return what was typed, without a secret and without a URL's user name and password."""
        text = str(super().bound_data(data, initial) or "")
        return "" if looks_like_secret(text) else USERINFO.sub("", text)


class DiscreetMailField(DiscreetField, MailField):
    """An e-mail address to try."""


class GuidField(DiscreetField):
    """A client ID as text; ``belongs_in`` names the field for secrets on its screen."""

    def __init__(self, *, belongs_in: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.belongs_in = belongs_in

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return client_id(text, belongs_in=self.belongs_in) if text else None
