"""What happens around every request."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

from configurator import request_id
from configurator.console.frame.errors import wrong_method

GetResponse = Callable[[HttpRequest], HttpResponse]
METHODS = ("GET", "HEAD", "POST")
NOT_ALLOWED = 405
# Open to users who have not replaced their initial password yet.
OPEN_WITH_INITIAL = ("accounts:password", "accounts:sign_out", "console:theme", "console:healthz")


class RequestIdMiddleware:
    """Give each request an id, and the answer its ``X-Request-Id``."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        identity = request_id.begin()
        response = self.get_response(request)
        response["X-Request-Id"] = identity
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        return response


class MethodMiddleware:
    """Let through what browsers send, and say in words what the bare answer to a wrong method leaves open."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve GET, HEAD and POST; 405 for any other method, signed in or not."""
        if request.method not in METHODS:
            return wrong_method(", ".join(METHODS))
        response = self.get_response(request)
        return wrong_method(response["Allow"]) if response.status_code == NOT_ALLOWED else response


class InitialPasswordMiddleware:
    """Redirect users whose initial password somebody else knows to the page that changes it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        if getattr(request.user, "password_is_initial", False):
            match = request.resolver_match
            if match is None or match.view_name not in OPEN_WITH_INITIAL:
                return HttpResponseRedirect(reverse("accounts:password"))
        return None


class PrivateCacheMiddleware:
    """Keep pages of signed-in users out of every cache (ASVS 14.3.2)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        add_never_cache_headers(response)
        return response
