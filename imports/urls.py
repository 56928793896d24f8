"""Imports."""

from django.urls import path

from imports import views

app_name = "imports"
urlpatterns = [
    path("", views.ImportList.as_view(), name="list"),
    path("new/", views.Upload.as_view(), name="new"),
    path("<uuid:pk>/", views.ImportPage.as_view(), name="import"),
    path("<uuid:pk>/apply/", views.Apply.as_view(), name="apply"),
    path("<uuid:pk>/sheet/", views.OtherSheet.as_view(), name="sheet"),
    path("<uuid:pk>/again/", views.Again.as_view(), name="again"),
    path("<uuid:pk>/discard/", views.Discard.as_view(), name="discard"),
]
