"""What every page's frame needs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from configurator.console.frame.navigation import tree_for


def console(request: HttpRequest) -> dict[str, Any]:
    """Return the navigation of the signed-in user, the theme chosen and whether this is the demo."""
    user = getattr(request, "user", None)
    theme = request.COOKIES.get("theme", "")
    return {
        "navigation": tree_for(user) if user is not None and user.is_authenticated else (),
        "theme": theme if theme in ("light", "dark") else "",
        "demo": settings.DEMO,
    }
