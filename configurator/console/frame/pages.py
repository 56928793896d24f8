"""Pages that belong to no object: health, theme."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe
from django.views.generic import View

from configurator.console.frame.redirects import next_url
from configurator.db.faults import READ_ONLY, fault_of, noted
from configurator.db.server import is_read_only
from configurator.db.timeouts import at_most

THEMES = ("auto", "light", "dark")
YEAR = 365 * 24 * 60 * 60
HEALTH = 3.0  # seconds that the health check waits for the database


@require_safe
@login_not_required
def healthz(_request: HttpRequest) -> HttpResponse:
    """Answer 200 while pages can be read, 503 while not, with what is wrong; for load balancers and health checks."""
    try:
        with at_most(HEALTH):
            read_only = is_read_only()
    except Error as error:
        fault = fault_of(error)
        if fault is None:
            raise
        return _health(503, fault.title)
    found = READ_ONLY if read_only else noted()
    return _health(200, f"{found.title}: nothing can be saved" if found else "ok")


def _health(status: int, text: str) -> HttpResponse:
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8")


@method_decorator(login_not_required, name="dispatch")
class ThemeSwitch(View):
    """Keep the chosen theme in a cookie; POST only."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        response = HttpResponseRedirect(next_url(request))
        theme = request.POST.get("theme", "")
        if theme in THEMES:
            response.set_cookie("theme", theme, max_age=YEAR, secure=settings.SECURE, httponly=True, samesite="Lax")
        return response
