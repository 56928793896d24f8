"""The columns of the export of incoming servers. Of a secret it has only whether one is stored."""

from configurator.console.exports.columns import Column, Export, column, field, moment, secret_stored
from mailsettings.models import IncomingServer

INCOMING_EXPORT = Export(
    own=(
        column("Id", "id"),
        field(IncomingServer, "name"),
        Column("Address", ("login_host", "tenant_id"), lambda host, tenant: f"https://{host}/{tenant}"),
        field(IncomingServer, "authentication_type"),
        field(IncomingServer, "client_id"),
        secret_stored("Secret", "secret"),
        field(IncomingServer, "secret_expires_on"),
    ),
    more=(
        field(IncomingServer, "status"),
        moment("Status since", "status_since"),
        column("What was found", "status_summary"),
        moment("Checked", "checked_at"),
        column("Queues", "queue_count"),
        secret_stored("Next secret", "next_secret"),
        field(IncomingServer, "next_secret_expires_on"),
        secret_stored("Previous secret", "previous_secret"),
        field(IncomingServer, "previous_wiped_on"),
    ),
)
