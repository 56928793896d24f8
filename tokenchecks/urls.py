"""Token Checks, and the codes that explain them."""

from django.urls import path

from tokenchecks import codes, round_views, views

app_name = "tokenchecks"
urlpatterns = [
    path("", views.RunList.as_view(), name="run_list"),
    path("codes/", codes.CodeList.as_view(), name="code_list"),
    path("codes/explain/", codes.ExplainText.as_view(), name="explain"),
    path("<uuid:pk>/", views.RunPage.as_view(), name="run"),
    # /token-checks/all/ and the rounds it makes
    path("all/", round_views.CheckAll.as_view(), name="check_all"),
    path("rounds/<uuid:pk>/", round_views.RoundPage.as_view(), name="round"),
    path("rounds/<uuid:pk>/cancel/", round_views.RoundCancel.as_view(), name="round_cancel"),
    # /token-checks/<kind>/<id of the object>/
    path("<slug:kind>/<uuid:pk>/panel/", views.Panel.as_view(), name="panel"),
    path("<slug:kind>/<uuid:pk>/check/", views.CheckNow.as_view(), name="check_now"),
]
