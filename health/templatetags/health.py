"""The tag of the banner."""

from typing import Any

from django import template

from health.problems.banner import Banner, banner_for

register = template.Library()


@register.simple_tag(takes_context=True)
def banner(context: dict[str, Any]) -> Banner | None:
    """Return what the banner says to the signed-in user, None for anybody else."""
    user = context.get("user")
    return banner_for(user) if user and user.is_authenticated else None
