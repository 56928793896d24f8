"""What happens around every request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

from configurator.accounts import request_id
from configurator.console.errors import wrong_method

GetResponse = Callable[[HttpRequest], HttpResponse]
METHODS = ("GET", "HEAD", "POST")
NOT_ALLOWED = 405


class RequestIdMiddleware:
    """Give each request an id, and the answer its ``X-Request-Id``."""

    def __init__(self, get_response: GetResponse) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request under a new id."""
        identity = request_id.begin()
        response = self.get_response(request)
        response["X-Request-Id"] = identity
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        return response


class MethodMiddleware:
    """Let through what browsers send, and say in words what the bare answer to a wrong method leaves open."""

    def __init__(self, get_response: GetResponse) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve GET, HEAD and POST; 405 for any other method, whoever asks and wherever."""
        if request.method not in METHODS:
            return wrong_method(", ".join(METHODS))
        response = self.get_response(request)
        return wrong_method(response["Allow"]) if response.status_code == NOT_ALLOWED else response


class PrivateCacheMiddleware:
    """Keep pages of signed-in users out of every cache (ASVS 14.3.2)."""

    def __init__(self, get_response: GetResponse) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request and forbid storing the answer."""
        response = self.get_response(request)
        add_never_cache_headers(response)
        return response
