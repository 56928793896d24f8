"""What an alarm stops: queues, addresses, and whether replies go out."""

from dataclasses import dataclass

from configurator.accounts.scope import WHOLE, Scope
from health.alarms.models import Alarm
from queues.models import QueueAddress
from tokenchecks.models import Kind

LISTED = 50


@dataclass(frozen=True)
class Impact:
    """The queues and addresses that stop, in numbers and by name; the names end after the first ``LISTED``."""

    queues: int
    addresses: int
    queue_names: list[str]
    address_names: list[str]
    outgoing: bool

    @property
    def sentence(self) -> str:
        """The numbers in words, "" where nothing stops."""
        parts = [counted(self.queues, "queue"), counted(self.addresses, "address", "addresses")]
        stopped = ", ".join(part for part in parts if not part.startswith("0 "))
        return " and ".join(filter(None, (stopped, "all replies" if self.outgoing else "")))

    @property
    def short(self) -> str:
        """What stops, for a subject line."""
        if self.queues:
            return f"{counted(self.queues, 'queue')} stopped"
        return "replies stopped" if self.outgoing else ""


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def impact_of(alarm: Alarm, scope: Scope = WHOLE) -> Impact:
    """Return what within the scope the alarm stops, or stopped when it is over.

    Those are the addresses that it is about, and those of its servers.
    """
    about = alarm.subjects.filter(left_at__isnull=True) if alarm.is_open else alarm.subjects.all()
    by_kind = {kind: about.filter(kind=kind).values("subject_id") for kind in Kind.values}
    # One after the other, since an OR of both reads every address there is.
    of_servers = QueueAddress.objects.filter(server__in=by_kind[Kind.INCOMING]).order_by().values("pk")
    seen = QueueAddress.objects.visible_to(scope)
    addresses = seen.filter(pk__in=by_kind[Kind.ADDRESS].union(of_servers), queue__enabled=True)
    queues = addresses.order_by("queue__name").values_list("queue__name", "queue").distinct()
    return Impact(
        queues=queues.count(),
        addresses=addresses.count(),
        queue_names=[name for name, _ in queues[:LISTED]],
        address_names=list(addresses.order_by("address").values_list("address", flat=True)[:LISTED]),
        outgoing=about.filter(kind=Kind.OUTGOING).exists(),
    )
