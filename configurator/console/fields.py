"""Form fields of the console."""

from collections.abc import Callable
from typing import Any

from django import forms

from configurator.vault.text import Secret


class SecretField(forms.CharField):
    """A write-only field: its value is a Secret, or None when left blank, and it is never sent back."""

    def __init__(self, *, check: Callable[[Secret], None], **kwargs: Any) -> None:
        """Take ``check``, which raises ValidationError for a secret that cannot be right."""
        attrs = {"autocomplete": "new-password", "spellcheck": "false", "data-secret": "true"}
        kwargs.setdefault("widget", forms.PasswordInput(render_value=False, attrs=attrs))
        super().__init__(strip=False, **kwargs)
        self.check = check

    def clean(self, value: Any) -> Any:
        """Return the Secret, None when blank."""
        secret = Secret(super().clean(value) or "")
        if not secret:
            return None
        self.check(secret)
        return secret

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Anything typed is a change: the stored value is not known here."""
        return bool(data)
