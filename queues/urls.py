"""Queue Management."""

from django.urls import path

from queues.impact import views
from queues.views import addresses, exports, queues

app_name = "queues"
urlpatterns = [
    # /queues/
    path("", queues.QueueList.as_view(), name="queue_list"),
    path("new/", queues.QueuePage.as_view(), name="queue_new"),
    path("<uuid:pk>/", queues.QueuePage.as_view(), name="queue"),
    path("<uuid:pk>/copy/", queues.QueueCopy.as_view(), name="queue_copy"),
    path("<uuid:pk>/delete/", queues.QueueDelete.as_view(), name="queue_delete"),
    # /queues/impact/
    path("impact/", views.SecretList.as_view(), name="secret_list"),
    path("impact/<uuid:pk>/", views.Impact.as_view(), name="impact"),
    # /queues/addresses/ and /queues/<id>/addresses/
    path("addresses/export/", exports.AddressesExport.as_view(), name="address_export"),
    path("<uuid:pk>/addresses/export/", exports.QueueAddressesExport.as_view(), name="queue_address_export"),
    path("<uuid:pk>/addresses/", addresses.AddressSave.as_view(), name="address_new"),
    path("<uuid:pk>/addresses/<uuid:address>/", addresses.AddressSave.as_view(), name="address"),
    path("<uuid:pk>/addresses/<uuid:address>/delete/", addresses.AddressDelete.as_view(), name="address_delete"),
]
