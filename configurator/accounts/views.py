"""Sign-in and sign-out, by Django's own views; each leaves an event."""

from typing import Any

from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse

from configurator.accounts import request_id, services
from configurator.accounts.forms import SignInForm
from configurator.accounts.models import User


class SignIn(LoginView):
    """Ask for user name and password."""

    form_class = SignInForm
    template_name = "accounts/sign_in.html"
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        """Begin the session under a new key."""
        services.signed_in(form.get_user(), request_id=request_id.current())
        return super().form_valid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        """Refuse, in the same words for an unknown user and a wrong password."""
        services.sign_in_refused(plain(form.data.get("username", "")), request_id=request_id.current())
        return self.render_to_response(self.get_context_data(form=form), status=422)


class SignOut(LogoutView):
    """End the session; POST only."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Leave the event while it is known who signs out."""
        if isinstance(request.user, User):
            services.signed_out(request.user, request_id=request_id.current())
        answer = super().post(request, *args, **kwargs)
        answer["Clear-Site-Data"] = '"cache", "storage"'
        return answer


def plain(text: str) -> str:
    """Return the text without characters that a log or a database refuses."""
    return "".join(char for char in text if char.isprintable())
