"""The sign-in form."""

from django.contrib.auth.forms import AuthenticationForm


class SignInForm(AuthenticationForm):
    """Django's own sign-in, with a message that does not tell an unknown user from a wrong password."""

    error_messages = AuthenticationForm.error_messages | {
        "invalid_login": "User name and password do not match. Both are case-sensitive; try again.",
    }
