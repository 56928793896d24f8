"""Sign-in, sign-out and one's own password, by Django's views; each records an event."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse_lazy

from configurator import request_id
from configurator.accounts import services
from configurator.accounts.forms import OwnPasswordForm, SignInForm
from configurator.accounts.models import User


class SignIn(LoginView):
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
        """Record the event while the user is known."""
        if isinstance(request.user, User):
            services.signed_out(request.user, request_id=request_id.current())
        answer = super().post(request, *args, **kwargs)
        answer["Clear-Site-Data"] = '"cache", "storage"'
        return answer


class OwnPassword(PasswordChangeView):
    """Choose one's own password; all other sessions of the user end."""

    http_method_names = ["get", "head", "post"]
    form_class = OwnPasswordForm
    template_name = "accounts/password.html"
    success_url = reverse_lazy("console:start")

    def form_valid(self, form: Any) -> HttpResponse:
        """Store it and keep this session alone."""
        services.password_choose(
            form.user, password=form.cleaned_data["new_password1"], request_id=request_id.current()
        )
        update_session_auth_hash(self.request, form.user)
        messages.success(self.request, "Your password was changed. Wherever else you were signed in, you are no more.")
        return HttpResponseRedirect(str(self.success_url))

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the messages on their fields; nothing that was typed is sent back."""
        return self.render_to_response(self.get_context_data(form=form), status=422)


def plain(text: str) -> str:
    """Return the text without characters that a log or a database refuses."""
    return "".join(char for char in text if char.isprintable())
