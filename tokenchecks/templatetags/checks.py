"""The check panel for object pages of the floors below."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import template
from django.template import Context

from tokenchecks.engine.explain import explain_cause
from tokenchecks.models import CheckResult, CheckRun, Kind
from tokenchecks.overview import Overview, overview_for
from tokenchecks.panel import panel_of
from tokenchecks.subjects import ENGINE_KIND, VIEW_RIGHT

register = template.Library()


@register.inclusion_tag("tokenchecks/panel.html", takes_context=True)
def check_panel(context: Context, kind: str, pk: uuid.UUID, among: Sequence[Any] = ()) -> dict[str, Any]:
    """Render the newest check of the object; nothing for a user who may not view token checks.

    ``among`` are the objects that the same template renders panels for: their checks are then read at once.
    """
    user = context["user"]
    if not (user.may("token_check.view") and user.may(VIEW_RIGHT[Kind(kind)])):
        return {"hidden": True}
    rows = {item.pk: item for item in among}
    newest = context.render_context.get("newest_checks")
    if newest is None or pk not in rows:
        newest = CheckRun.objects.newest(kind, rows.keys() | {pk})
        context.render_context["newest_checks"] = newest
    return {
        "panel": panel_of(newest.get(pk), rows.get(pk)),
        "kind": kind,
        "subject_id": pk,
        "may_run": user.may("token_check.run"),
        "request": context["request"],
        "csrf_token": context.get("csrf_token"),
    }


@register.filter
def said(result: CheckResult) -> str:
    """Return what a check found, in half a line; "" when all is well."""
    return explain_cause(result.cause, ENGINE_KIND[result.kind]).title if result.cause else ""


@register.simple_tag(takes_context=True)
def overview(context: dict[str, Any]) -> Overview:
    """Return what the start page shows to the signed-in user."""
    return overview_for(context["user"])
