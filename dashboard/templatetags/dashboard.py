"""The tag of the start page."""

from typing import Any

from django import template

from dashboard.overview import Overview, overview_for

register = template.Library()


@register.simple_tag(takes_context=True)
def overview(context: dict[str, Any]) -> Overview:
    """Return what the start page shows to the signed-in user."""
    return overview_for(context["user"])
