"""The check panel for object pages of the floors below."""

import uuid
from typing import Any

from django import template

from tokenchecks.models import CheckRun
from tokenchecks.overview import Overview, overview_for
from tokenchecks.panel import panel_of
from tokenchecks.subjects import VIEW_RIGHT

register = template.Library()


@register.inclusion_tag("tokenchecks/panel.html", takes_context=True)
def check_panel(context: dict[str, Any], kind: str, pk: uuid.UUID) -> dict[str, Any]:
    """Render the newest check of the object; nothing for a user who may not view token checks."""
    user = context["user"]
    if not (user.may("token_check.view") and user.may(VIEW_RIGHT[kind])):
        return {"hidden": True}
    run = CheckRun.objects.of(kind, pk).select_related("result").first()
    return {
        "panel": panel_of(run),
        "kind": kind,
        "subject_id": pk,
        "may_run": user.may("token_check.run"),
        "request": context["request"],
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag(takes_context=True)
def overview(context: dict[str, Any]) -> Overview:
    """Return what the start page shows to the signed-in user."""
    return overview_for(context["user"])
