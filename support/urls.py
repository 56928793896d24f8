"""Set-up sheets and support bundles."""

from django.urls import path

from support import views

app_name = "support"
urlpatterns = [
    path("queues/<uuid:pk>/sheet/", views.SetUpSheet.as_view(), name="sheet"),
    path("bundle/", views.Bundle.as_view(), name="bundle"),
    path("bundle/<slug:kind>/<uuid:pk>/", views.Bundle.as_view(), name="bundle_of"),
]
