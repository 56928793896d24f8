"""Sign-in and sign-out, by Django's own views."""

from django.contrib.auth.views import LoginView, LogoutView

from configurator.accounts.forms import SignInForm


class SignIn(LoginView):
    """Ask for user name and password."""

    form_class = SignInForm
    template_name = "accounts/sign_in.html"
    redirect_authenticated_user = True


class SignOut(LogoutView):
    """End the session; POST only."""

    http_method_names = ["post"]
