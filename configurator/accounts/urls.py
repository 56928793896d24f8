"""Sign-in, sign-out."""

from django.urls import path

from configurator.accounts.views import SignIn, SignOut

app_name = "accounts"
urlpatterns = [
    path("sign-in/", SignIn.as_view(), name="sign_in"),
    path("sign-out/", SignOut.as_view(), name="sign_out"),
]
