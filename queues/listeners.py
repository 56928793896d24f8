"""What queues do when something below them changes, in the transaction of the change."""

from configurator.accounts.actor import Actor
from configurator.audit.models import AuditEvent
from mailsettings.models import IncomingServer
from queues.services import passwords_wipe_unusable

TOUCHES_PASSWORDS = {"authentication_type", "login_host", "tenant_id"}


def server_changed(event: AuditEvent) -> None:
    """Wipe passwords that were given for another type, login address or tenant of the server."""
    if event.kind != "incoming_server" or event.action != "changed" or not TOUCHES_PASSWORDS & set(event.after or {}):
        return
    actor = Actor(id=event.actor_id, name=event.actor_name, request_id=event.request_id)
    passwords_wipe_unusable(actor=actor, server=IncomingServer.objects.get(pk=event.object_id))
