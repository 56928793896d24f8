"""What the frame of every page shows of problems."""

from django.template import Context

from configurator.console.frame.panels import Shown, panel
from health.problems.banner import banner_for


@panel("frame.top", 10, "alarms/banner.html")
@panel("frame.alert", 10, "alarms/silence.html")
def banner(context: Context) -> Shown:
    """Say what is wrong to the signed-in user; both panels of a page read it once."""
    user = context.get("user")
    if not (user and user.is_authenticated):
        return None
    found = context.render_context.get("banner") or banner_for(user)
    context.render_context["banner"] = found
    return {"found": found}
