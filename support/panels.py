"""The ways from object pages to set-up sheets and support bundles."""

from typing import Any

from django.template import Context

from configurator.console.frame.panels import Shown, panel


@panel("object.actions", 30, "support/object_actions.html")
def object_actions(_context: Context, item: Any) -> Shown:
    """Show the way to the bundle of a queue or an incoming server, and to the sheet of a queue."""
    return {"item": item} if item.audit_kind in ("queue", "incoming_server") else None
