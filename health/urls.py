"""Alarms, and acknowledged warnings."""

from django.urls import path

from health.alarms import views
from health.alarms.acknowledging import Dismiss, TakeBack
from health.problems.views import ProblemList, StoppedAddresses, StoppedQueues

app_name = "alarms"
urlpatterns = [
    path("", views.AlarmList.as_view(), name="list"),
    path("troubles/", ProblemList.as_view(), name="trouble_list"),
    path("stopped/queues/", StoppedQueues.as_view(), name="stopped_queues"),
    path("stopped/addresses/", StoppedAddresses.as_view(), name="stopped_addresses"),
    path("test/", views.TestAlarm.as_view(), name="test"),
    path("<uuid:pk>/", views.AlarmPage.as_view(), name="alarm"),
    path("notices/<uuid:pk>/again/", views.TryAgain.as_view(), name="try_again"),
    path("dismiss/<slug:kind>/<uuid:pk>/", Dismiss.as_view(), name="dismiss"),
    path("dismissals/<uuid:pk>/take-back/", TakeBack.as_view(), name="take_back"),
]
