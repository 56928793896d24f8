"""The files of these tests, and all that an import may change."""

from django.db.models import Model

from configurator.audit.models import AuditEvent
from mailsettings.models import IncomingServer
from queues.models import Queue, QueueAddress

LABELS = ("Queue", "Address", "E-Mail Account", "E-Mail Server", "Priority", "Delete")
BOX = "box@contoso.example"


def state_of() -> list[object]:
    """Return all that an import may write."""
    models: tuple[type[Model], ...] = (IncomingServer, Queue, QueueAddress)
    return [list(model._default_manager.order_by("pk").values()) for model in models] + [AuditEvent.objects.count()]
