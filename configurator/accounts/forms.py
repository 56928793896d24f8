"""The forms of signing in and of one's own password."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.password_validation import password_validators_help_texts
from django.core.exceptions import ValidationError


class SignInForm(AuthenticationForm):
    """Django's sign-in, with a message that does not distinguish an unknown user from a wrong password."""

    error_messages = AuthenticationForm.error_messages | {
        "invalid_login": "User name and password do not match. Both are case-sensitive; try again.",
    }


class OwnPasswordForm(PasswordChangeForm):
    """Django's change of a password, which asks for the old one; the new one has to be another."""

    error_messages = PasswordChangeForm.error_messages | {
        "password_incorrect": "This is not your password now: type that one. It is case-sensitive.",
        "password_mismatch": "The two differ: type the same password twice.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Show the validators' rules as help."""
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = "Password now"
        self.fields["new_password1"].label = "New password"
        self.fields["new_password2"].label = "New password again"
        self.fields["new_password1"].help_text = " ".join(password_validators_help_texts())
        self.fields["new_password2"].help_text = ""
        for field in self.fields.values():
            field.error_messages["required"] = f"{field.label} is required: fill it in."

    def clean_new_password1(self) -> str:
        """Refuse the present password."""
        password: str = self.cleaned_data["new_password1"]
        if self.user.check_password(password):
            raise ValidationError("This is the password that you have now: choose another.")
        return password
