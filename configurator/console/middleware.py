"""What happens around every request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

from configurator.accounts import request_id

GetResponse = Callable[[HttpRequest], HttpResponse]


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
