"""Checks on the page of an event."""

import uuid
from typing import Any

from django import template
from django.template import Context

from configurator.audit.models import AuditEvent
from tokenchecks.history.context import around
from tokenchecks.models import Kind
from tokenchecks.subjects.stored_rows import VIEW_RIGHT, reaches

register = template.Library()


@register.inclusion_tag("tokenchecks/around.html", takes_context=True)
def states_around(context: Context, event: AuditEvent) -> dict[str, Any]:
    """Render the status before and after the event; nothing for what is not checked or may not be viewed."""
    user = context["user"]
    if event.kind not in Kind.values or not event.object_id:
        return {}
    if not (user.may("token_check.view") and user.may(VIEW_RIGHT[event.kind])):
        return {}
    subject, scope = uuid.UUID(event.object_id), user.scope("token_check.view")
    if not reaches(scope, event.kind, subject):
        return {}
    return {"around": around(event, scope), "event": event}
