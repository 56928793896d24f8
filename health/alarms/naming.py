"""What an alarm is called: by its servers, by its one address, or by how many there are."""

from django.db.models import Count, Min

from health.alarms.impact import counted
from health.alarms.models import Alarm
from mailsettings.models import IncomingServer
from tokenchecks.models import Kind
from tokenchecks.subjects.grouping import server_of


def name_of(alarm: Alarm) -> str:
    """Return the name for what the alarm is about now, or was about when nothing is left."""
    about = alarm.subjects.filter(left_at__isnull=True)
    rows = about if about.exists() else alarm.subjects.all()
    held: dict[str, tuple[int, str]] = {
        kind: (number, name)
        for kind, number, name in rows.order_by()
        .values("kind")
        .annotate(number=Count("pk"), first=Min("name"))
        .values_list("kind", "number", "first")
    }
    servers, server = held.get(Kind.INCOMING, (0, ""))
    addresses, address = held.get(Kind.ADDRESS, (0, ""))
    outgoing = held.get(Kind.OUTGOING, (0, ""))[1]
    if servers:
        more = servers - 1 + bool(outgoing)
        return f"{server} and {counted(more, 'more server')}" if more else server
    if addresses > 1:
        return f"{addresses} addresses{_of_server(alarm.scope)}"
    return outgoing or address


def _of_server(scope: str) -> str:
    """Return " of" and the name of the server that the scope names, "" when it names none."""
    server = server_of(scope)
    names = IncomingServer.objects.filter(pk=server).values_list("name", flat=True) if server else ()
    return "".join(f" of {name}" for name in names)
