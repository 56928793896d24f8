"""Changes of queues when something below them changes, in the transaction of the change."""

from collections.abc import Sequence

from configurator.accounts.actor import Actor
from configurator.audit.choices import Action, Kind
from configurator.audit.models import AuditEvent
from mailsettings.models import IncomingServer
from queues.services import passwords_wipe_unusable

TOUCHES_PASSWORDS = {"authentication_type", "login_host", "tenant_id"}


def servers_changed(events: Sequence[AuditEvent]) -> None:
    """Delete passwords that were given for another type, login address or tenant of the server."""
    for event in events:
        if (
            event.kind == Kind.INCOMING_SERVER
            and event.action == Action.CHANGED
            and TOUCHES_PASSWORDS & set(event.after or {})
        ):
            actor = Actor(id=event.actor_id, name=event.actor_name, request_id=event.request_id)
            passwords_wipe_unusable(actor=actor, server=IncomingServer.objects.get(pk=event.object_id))
