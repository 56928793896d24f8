"""The whole URL map, one include per app."""

from django.urls import include, path

from configurator.console import urls as console
from dashboard.views import Start

# The start page has a name of the console's, although dashboard makes it: each page links to it.
console_patterns = [path("", Start.as_view(), name="start"), *console.urlpatterns]
urlpatterns = [
    path("", include((console_patterns, console.app_name))),
    path("", include("configurator.accounts.urls")),
    path("bulk/", include("configurator.console.bulk.urls")),
    path("e-mail-settings/", include("mailsettings.urls")),
    path("queues/", include("queues.urls")),
    path("imports/", include("imports.urls")),
    path("token-checks/", include("tokenchecks.urls")),
    path("findings/", include("health.findings.urls")),
    path("alarms/", include("health.urls")),
    path("support/", include("support.urls")),
]

handler400 = "configurator.console.frame.errors.bad_request"
handler403 = "configurator.console.frame.errors.forbidden"
handler404 = "configurator.console.frame.errors.not_found"
handler500 = "configurator.console.frame.errors.server_error"
