"""What lists show of bulk actions, on pages that are Tickable."""

from typing import Any

from django.template import Context

from configurator.console.frame.panels import Shown, panel


@panel("list.bulk", 10, "bulk/bar.html")
def bar(context: Context, found: str) -> Shown:
    """Show what can be done with the rows ticked, or with all that were found, given their number in words."""
    return {"bulk": context["bulk"], "found": found} if context.get("bulk") else None


@panel("table.head", 10, "bulk/tick_all.html")
def tick_all(_context: Context, table: Any) -> Shown:
    """Show the head of the column of ticks."""
    return {} if table.context.get("bulk") else None
