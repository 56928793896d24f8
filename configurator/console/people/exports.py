"""The columns of the export of users."""

from configurator.accounts.models import User
from configurator.console.exports.columns import Export, column, field, moment

USER_EXPORT = Export(
    (
        column("Id", "id"),
        field(User, "username", "User name"),
        field(User, "first_name"),
        field(User, "last_name"),
        field(User, "email", "E-Mail"),
        column("Roles", "role_names"),
        field(User, "is_active"),
        moment("Last signed in", "last_login"),
    )
)

QUEUE_GROUP_EXPORT = Export(
    (column("Name", "name"), column("Queues", "queue_count"), column("Roles", "role_names"), column("Id", "id"))
)
