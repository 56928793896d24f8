"""The start page, health, and the theme switch."""

from django.urls import path

from configurator.console import audit_log, pages, people

app_name = "console"
urlpatterns = [
    path("", pages.Start.as_view(), name="start"),
    path("healthz", pages.healthz, name="healthz"),
    path("theme/", pages.ThemeSwitch.as_view(), name="theme"),
    path("audit-log/", audit_log.AuditLog.as_view(), name="audit_log"),
    path("users/", people.UserList.as_view(), name="user_list"),
    path("roles/", people.RoleList.as_view(), name="role_list"),
]
