"""The way from a list to an import of its rows."""

from django.template import Context

from configurator.console.frame.panels import Shown, panel


@panel("list.actions", 10, "imports/button.html")
def import_button(context: Context) -> Shown:
    """Show it to who may change every row of a list that names its ``import_kind``."""
    view, user = context["view"], context["user"]
    may = view.import_kind and view.may(f"{view.right.partition('.')[0]}.modify")
    return {"kind": view.import_kind} if may and user.scope("queue.modify").is_whole else None
