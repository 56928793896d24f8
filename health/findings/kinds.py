"""What findings are about: the model, what it is called in a list, where it is, and who may see and change it."""

import uuid
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import CharField, Expression, F, Model, UUIDField, Value
from django.db.models.expressions import Combinable
from django.urls import reverse

from mailsettings.models import IncomingServer, OutgoingServer
from queues.models import Queue, QueueAddress

NOWHERE: Final = Value(None, output_field=UUIDField())


@dataclass(frozen=True)
class Kind:
    """One kind of object; ``home`` is the queue of an address."""

    model: type[Model]
    label: str
    object: str
    name: Combinable | Expression
    home: Combinable | Expression = NOWHERE

    @property
    def view_right(self) -> str:
        """The right without which its findings are absent."""
        return f"{self.object}.view"

    @property
    def modify_right(self) -> str:
        """The right to acknowledge its findings."""
        return f"{self.object}.modify"


KINDS: Final[dict[str, Kind]] = {
    "incoming_server": Kind(IncomingServer, "Incoming mail server", "incoming_server", F("name")),
    "outgoing_server": Kind(
        OutgoingServer,
        "Outgoing mail server",
        "outgoing_server",
        Value(str(OutgoingServer()), output_field=CharField()),
    ),
    "queue": Kind(Queue, "E-mail queue", "queue", F("name")),
    "address": Kind(QueueAddress, "E-mail address", "queue", F("address"), F("queue_id")),
}
VIEW_RIGHTS: Final = tuple(sorted({kind.view_right for kind in KINDS.values()}))


def kinds_for(user: Any) -> list[str]:
    """Return the kinds that the user may view."""
    return [key for key, kind in KINDS.items() if user.may(kind.view_right)]


def url_of(kind: str, subject_id: uuid.UUID, home: uuid.UUID | None) -> str:
    """Return where the object is."""
    if kind == "address":
        return f"{reverse('queues:queue', args=[home])}#address-{subject_id}"
    if kind == "outgoing_server":
        return reverse("mailsettings:outgoing")
    return reverse({"queue": "queues:queue", "incoming_server": "mailsettings:incoming"}[kind], args=[subject_id])
