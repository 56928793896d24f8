"""Bulk actions."""

from django.urls import path

from configurator.console.bulk import views

app_name = "bulk"
urlpatterns = [
    path("<uuid:pk>/", views.JobPage.as_view(), name="job"),
    path("<uuid:pk>/values/", views.JobValues.as_view(), name="values"),
    path("<uuid:pk>/confirm/", views.JobConfirm.as_view(), name="confirm"),
    path("begin/<slug:rows>/<slug:action>/", views.Begin.as_view(), name="begin"),
]
