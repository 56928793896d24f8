"""What pages of the floors beneath show of queues."""

from django.template import Context

from configurator.accounts.models import QueueGroup
from configurator.console.frame.panels import Shown, panel
from mailsettings.models import IncomingServer


@panel("server.impact", 10, "queues/impact_link.html")
def impact_link(_context: Context, server: IncomingServer, *, number: int = 0) -> Shown:
    """Show the way to what stops with the server's secret; with a number, as that to all its addresses."""
    return {"server": server, "number": number}


@panel("group.use", 10, "queues/of_group.html")
def queues_of(_context: Context, group: QueueGroup) -> Shown:
    """Show how many queues are in the group."""
    return {"group": group}
