"""What object pages of the floors beneath show of findings."""

from typing import Any, Final

from django.template import Context

from configurator.console.frame.panels import Shown, panel
from health.findings.kinds import KINDS
from health.findings.models import Finding

SHOWN: Final = 10


@panel("object.lead", 30, "findings/of_object.html")
def open_findings(context: Context, item: Any) -> Shown:
    """List what is open of the object, on a queue's page that of its addresses too; nothing for who may not view it."""
    user, kind = context["user"], KINDS[item.audit_kind]
    if not user.may(kind.view_right):
        return {"findings": []}
    found = Finding.objects.visible_to(user.scope("queue.view")).on_page(item.pk).open().worst_first()[: SHOWN + 1]
    return {"findings": found[:SHOWN], "more": len(found) > SHOWN, "may": user.may(kind.modify_right)}
