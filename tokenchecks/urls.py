"""Token Checks."""

from django.urls import path

from tokenchecks import views

app_name = "tokenchecks"
urlpatterns = [
    path("", views.RunList.as_view(), name="run_list"),
    path("<uuid:pk>/", views.RunPage.as_view(), name="run"),
    # /token-checks/<kind>/<id of the object>/
    path("<slug:kind>/<uuid:pk>/panel/", views.Panel.as_view(), name="panel"),
    path("<slug:kind>/<uuid:pk>/check/", views.CheckNow.as_view(), name="check_now"),
]
