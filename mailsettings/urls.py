"""E-Mail Settings."""

from django.urls import path

from mailsettings import views
from mailsettings.rotation.views import slot_urls

app_name = "mailsettings"
urlpatterns = [
    # /e-mail-settings/incoming/
    path("incoming/", views.IncomingList.as_view(), name="incoming_list"),
    path("incoming/new/", views.IncomingPage.as_view(), name="incoming_new"),
    path("incoming/pick/", views.IncomingPick.as_view(), name="incoming_pick"),
    path("incoming/<uuid:pk>/", views.IncomingPage.as_view(), name="incoming"),
    path("incoming/<uuid:pk>/copy/", views.IncomingCopy.as_view(), name="incoming_copy"),
    path("incoming/<uuid:pk>/delete/", views.IncomingDelete.as_view(), name="incoming_delete"),
    *slot_urls(views.IncomingSlotAct, "incoming/<uuid:pk>/", "incoming"),
    # /e-mail-settings/outgoing/
    path("outgoing/", views.OutgoingPage.as_view(), name="outgoing"),
    *slot_urls(views.OutgoingSlotAct, "outgoing/", "outgoing"),
]
