"""Sign-in, sign-out, and one's own password."""

from django.urls import path

from configurator.accounts.views import OwnPassword, SignIn, SignOut

app_name = "accounts"
urlpatterns = [
    path("sign-in/", SignIn.as_view(), name="sign_in"),
    path("sign-out/", SignOut.as_view(), name="sign_out"),
    path("password/", OwnPassword.as_view(), name="password"),
]
