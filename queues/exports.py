"""The columns of the exports of queues, of addresses, and of secrets with what stops with them."""

from django.conf import settings

from configurator.console.exports.columns import Cell, Column, Export, column, field, moment, secret_stored
from configurator.status import GRAVITY
from queues.models import Queue, QueueAddress

# Relations are exported by the name of what they point to.
SOURCES = {"group": "group__name"}
QUEUE_EXPORT = Export(
    own=(column("Id", "id"), *(field(Queue, name, source=SOURCES.get(name, "")) for name in Queue.audit_fields)),
    more=(field(Queue, "status"), column("Addresses", "address_count")),
)


def _language(own: str, of_queue: str) -> Cell:
    """Return the language in effect."""
    return own or of_queue or settings.LANGUAGE_DEFAULT


FOUND = (
    field(QueueAddress, "status"),
    moment("Status since", "status_since"),
    column("What was found", "status_summary"),
    moment("Checked", "checked_at"),
)
ADDRESS_EXPORT = Export(
    own=(
        column("Id", "id"),
        column("Queue Id", "queue_id"),
        column("Queue", "queue__name"),
        field(QueueAddress, "address"),
        field(QueueAddress, "priority"),
        field(QueueAddress, "extension_language"),
        field(QueueAddress, "account"),
        secret_stored("E-Mail Password", "password"),
        field(QueueAddress, "sender"),
        column("E-Mail Server Id", "server_id"),
        column("E-Mail Server", "server__name"),
    ),
    more=(
        Column("Effective Priority", ("priority", "queue__priority"), lambda own, of_queue: own or of_queue),
        Column("Effective Language", ("extension_language", "queue__language"), _language),
        *FOUND,
    ),
)
STOPPED_EXPORT = Export(
    (
        column("Queue", "queue__name"),
        field(QueueAddress, "address"),
        column("E-Mail Server", "server__name"),
        *FOUND,
    )
)
SECRET_EXPORT = Export(
    (
        Column("Status", ("rank",), lambda rank: GRAVITY[rank].label),
        column("Ends", "ends_on"),
        column("Servers", "named"),
        column("Client ID", "client_id"),
        Column("Secret (state)", ("with_secret",), lambda stored: "set" if stored else ""),
        column("Queues", "queues"),
        column("Addresses", "addresses_on"),
    )
)
