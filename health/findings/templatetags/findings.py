"""What object pages of the floors below show of findings."""

import uuid
from typing import Any

from django import template
from django.template import Context

from health.findings.kinds import KINDS
from health.findings.models import Finding

register = template.Library()
SHOWN = 10


@register.inclusion_tag("findings/of_object.html", takes_context=True)
def open_findings(context: Context, kind: str, pk: uuid.UUID) -> dict[str, Any]:
    """List what is open of the object, on a queue's page that of its addresses too; nothing for who may not view it."""
    user = context["user"]
    if not user.may(KINDS[kind].view_right):
        return {"findings": []}
    found = list(Finding.objects.visible_to(user.scope("queue.view")).on_page(pk).open().worst_first()[: SHOWN + 1])
    return {"findings": found[:SHOWN], "more": len(found) > SHOWN, "may": user.may(KINDS[kind].modify_right)}
