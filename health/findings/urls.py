"""Findings."""

from django.urls import path

from health.findings import views

app_name = "findings"
urlpatterns = [
    path("", views.FindingList.as_view(), name="list"),
    path("<uuid:pk>/acknowledge/", views.Acknowledge.as_view(), name="acknowledge"),
    path("<uuid:pk>/take-back/", views.TakeBack.as_view(), name="take_back"),
]
