"""The kinds of the audit log that are mail settings."""

from configurator.audit.choices import Kind
from configurator.audit.registry import AuditedKind, Restore, register
from configurator.console.objects.restore import own_page
from mailsettings.models import IncomingServer, OutgoingServer

register(
    AuditedKind(
        Kind.INCOMING_SERVER,
        IncomingServer,
        "incoming_server.view",
        labels={"login_host": "Address: login address", "tenant_id": "Address: tenant ID"},
        restore=Restore("incoming_server.modify", "incoming_server.create", own_page("mailsettings:incoming_new")),
    ),
    AuditedKind(
        Kind.OUTGOING_SERVER,
        OutgoingServer,
        "outgoing_server.view",
        restore=Restore("outgoing_server.modify", "outgoing_server.modify", own_page()),
    ),
)
