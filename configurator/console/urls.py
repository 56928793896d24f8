"""Health, the theme switch, the audit log, users and roles, and what is done about a list.

The roof adds the start page, ``console:start``, which a floor above makes.
"""

from django.urls import path

from configurator.console.frame import pages
from configurator.console.history import as_of, compare, event, log, snapshot
from configurator.console.lists import preference_views
from configurator.console.people import group_views, role_views, views

app_name = "console"
urlpatterns = [
    path("healthz", pages.healthz, name="healthz"),
    path("theme/", pages.ThemeSwitch.as_view(), name="theme"),
    # /audit-log/
    path("audit-log/", log.AuditLog.as_view(), name="audit_log"),
    path("audit-log/proof/", log.AuditProof.as_view(), name="audit_proof"),
    path("audit-log/<int:seq>/", event.AuditEventPage.as_view(), name="audit_event"),
    path("audit-log/last/<slug:kind>/<str:object_id>/", event.LastEvent.as_view(), name="last_event"),
    # /audit-log/as-of/
    path("audit-log/as-of/", snapshot.Whole.as_view(), name="whole"),
    path("audit-log/as-of/<slug:kind>/<str:object_id>/", as_of.AsOf.as_view(), name="as_of"),
    path("audit-log/compare/", compare.Compare.as_view(), name="compare"),
    # /users/
    path("users/", views.UserList.as_view(), name="user_list"),
    path("users/new/", views.UserNew.as_view(), name="user_new"),
    path("users/<uuid:pk>/", views.UserPage.as_view(), name="user"),
    path("users/<uuid:pk>/password/", views.UserPassword.as_view(), name="user_password"),
    # /roles/
    path("roles/", role_views.RoleList.as_view(), name="role_list"),
    path("roles/new/", role_views.RolePage.as_view(), name="role_new"),
    path("roles/<int:pk>/", role_views.RolePage.as_view(), name="role"),
    path("roles/<int:pk>/delete/", role_views.RoleDelete.as_view(), name="role_delete"),
    # /queue-groups/
    path("queue-groups/", group_views.QueueGroupList.as_view(), name="queue_group_list"),
    path("queue-groups/new/", group_views.QueueGroupPage.as_view(), name="queue_group_new"),
    path("queue-groups/<uuid:pk>/", group_views.QueueGroupPage.as_view(), name="queue_group"),
    path("queue-groups/<uuid:pk>/delete/", group_views.QueueGroupDelete.as_view(), name="queue_group_delete"),
    # /lists/: preferences and saved views
    path("lists/columns/", preference_views.PreferencesSave.as_view(), name="taste_keep"),
    path("lists/columns/forget/", preference_views.PreferencesReset.as_view(), name="taste_forget"),
    path("lists/views/", preference_views.ViewKeep.as_view(), name="view_keep"),
    path("lists/views/<int:pk>/", preference_views.ViewRename.as_view(), name="view_change"),
    path("lists/views/<int:pk>/delete/", preference_views.ViewDelete.as_view(), name="view_delete"),
]
