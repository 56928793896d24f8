"""Queue Management."""

from django.urls import path

from queues import address_views, export_views, impact_views, views

app_name = "queues"
urlpatterns = [
    # /queues/
    path("", views.QueueList.as_view(), name="queue_list"),
    path("new/", views.QueuePage.as_view(), name="queue_new"),
    path("<uuid:pk>/", views.QueuePage.as_view(), name="queue"),
    path("<uuid:pk>/copy/", views.QueueCopy.as_view(), name="queue_copy"),
    path("<uuid:pk>/delete/", views.QueueDelete.as_view(), name="queue_delete"),
    # /queues/impact/
    path("impact/", impact_views.SecretList.as_view(), name="secret_list"),
    path("impact/<uuid:pk>/", impact_views.Impact.as_view(), name="impact"),
    # /queues/addresses/ and /queues/<id>/addresses/
    path("addresses/export/", export_views.AddressesExport.as_view(), name="address_export"),
    path("<uuid:pk>/addresses/export/", export_views.QueueAddressesExport.as_view(), name="queue_address_export"),
    path("<uuid:pk>/addresses/", address_views.AddressSave.as_view(), name="address_new"),
    path("<uuid:pk>/addresses/<uuid:address>/", address_views.AddressSave.as_view(), name="address"),
    path("<uuid:pk>/addresses/<uuid:address>/delete/", address_views.AddressDelete.as_view(), name="address_delete"),
]
