"""Where a form that several pages have leads back to."""

from typing import Final

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

LONGEST: Final = 2_000


def next_url(request: HttpRequest, otherwise: str = "/") -> str:
    """Return the URL that was sent as ``next``, ``otherwise`` where it is none of this console's."""
    url = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return url if safe and url.isprintable() and len(url) <= LONGEST else otherwise
