"""Token Checks, and the codes that explain them."""

from django.urls import path

from tokenchecks.screens import codes, history, rounds, runs
from tokenchecks.screens.lists import addresses, at_risk, status
from tokenchecks.screens.trials import act_views, views

app_name = "tokenchecks"
urlpatterns = [
    path("", status.StatusList.as_view(), name="standing_list"),
    path("checks/", runs.RunList.as_view(), name="run_list"),
    path("codes/", codes.CodeList.as_view(), name="code_list"),
    path("codes/explain/", codes.ExplainText.as_view(), name="explain"),
    path("<uuid:pk>/", runs.RunPage.as_view(), name="run"),
    # /token-checks/all/ and the rounds it makes
    path("all/", rounds.CheckAll.as_view(), name="check_all"),
    path("rounds/<uuid:pk>/", rounds.RoundPage.as_view(), name="round"),
    path("rounds/<uuid:pk>/cancel/", rounds.RoundCancel.as_view(), name="round_cancel"),
    # /token-checks/before-save/
    path("before-save/incoming/", views.TryIncoming.as_view(), name="try_incoming_new"),
    path("before-save/incoming/<uuid:pk>/", views.TryIncoming.as_view(), name="try_incoming"),
    path("before-save/outgoing/", views.TryOutgoing.as_view(), name="try_outgoing"),
    path("before-save/queues/<uuid:pk>/addresses/", views.TryAddress.as_view(), name="try_address_new"),
    path("before-save/queues/<uuid:pk>/addresses/<uuid:address>/", views.TryAddress.as_view(), name="try_address"),
    path("trials/<uuid:pk>/", views.TrialPage.as_view(), name="trial"),
    path("addresses/", addresses.AddressList.as_view(), name="address_list"),
    # /token-checks/at-risk/
    path("at-risk/", at_risk.RiskList.as_view(), name="risk_list"),
    path("at-risk/try-all/", at_risk.TryAll.as_view(), name="risk_try_all"),
    path("at-risk/<uuid:pk>/", at_risk.TryUnderService.as_view(), name="dry_run"),
    # /token-checks/next-secret/ and /token-checks/test-mail/
    path("next-secret/incoming/<uuid:pk>/", act_views.TryNextIncoming.as_view(), name="try_next_incoming"),
    path("next-secret/outgoing/", act_views.TryNextOutgoing.as_view(), name="try_next_outgoing"),
    path("test-mail/addresses/<uuid:pk>/", act_views.AddressTestMail.as_view(), name="test_mail_address"),
    path("test-mail/outgoing/", act_views.OutgoingTestMail.as_view(), name="test_mail_outgoing"),
    # /token-checks/<kind>/<id of the object>/
    path("<slug:kind>/<uuid:pk>/", history.Subject.as_view(), name="subject"),
    path("<slug:kind>/<uuid:pk>/history/", history.History.as_view(), name="history"),
    path("<slug:kind>/<uuid:pk>/panel/", runs.Panel.as_view(), name="panel"),
    path("<slug:kind>/<uuid:pk>/check/", runs.CheckNow.as_view(), name="check_now"),
]
