"""The kinds of the audit log that have their screens in the console."""

from configurator.accounts.models import QueueGroup, Role, User
from configurator.audit.choices import Kind
from configurator.audit.registry import AuditedKind, Restore, register
from configurator.console.objects.restore import own_page
from configurator.console.people.restore import may_restore_role, may_restore_user

register(
    AuditedKind(
        Kind.USER,
        User,
        "user.view",
        other_secrets=frozenset({"password"}),
        restore=Restore("user.modify", "user.modify", own_page(), may_restore_user),
    ),
    AuditedKind(
        Kind.ROLE,
        Role,
        "role.view",
        labels={"queue_groups": "Queue groups"},
        restore=Restore("role.modify", "role.create", own_page("console:role_new"), may_restore_role),
    ),
    AuditedKind(Kind.QUEUE_GROUP, QueueGroup, "queue_group.view"),
)
