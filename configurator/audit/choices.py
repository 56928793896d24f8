"""The actions of the audit log. The table accepts any string, since old events outlive this list."""

from django.db.models import TextChoices

# The request ID of an import, which all its events have.
IMPORT = "import-"


class Action(TextChoices):
    CREATED = "created", "Created"
    CHANGED = "changed", "Changed"
    DELETED = "deleted", "Deleted"
    SWITCHED = "secret switched", "Secret switched"
    ROLLED_BACK = "secret rolled back", "Secret rolled back"
    WIPED = "secret wiped", "Secret wiped"
    TEST_MAIL = "test mail", "Test mail"
    COPIED = "copied", "Copied"
    CHECKED = "checked", "Checked"
    SIGNED_IN = "signed in", "Signed in"
    SIGNED_OUT = "signed out", "Signed out"
    REFUSED = "refused", "Refused"
    DISMISSED = "dismissed", "Dismissed"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    TAKEN_BACK = "taken back", "Taken back"
    TESTED = "tested", "Tested"
    REKEYED = "rekeyed", "Re-keyed"
    EXPORTED = "exported", "Exported"
    IMPORTED = "imported", "Imported"
    RETIRED = "retired", "Taken away"


class Kind(TextChoices):
    INCOMING_SERVER = "incoming_server", "Incoming mail server"
    OUTGOING_SERVER = "outgoing_server", "Outgoing mail server"
    QUEUE = "queue", "E-mail queue"
    ADDRESS = "address", "E-mail address"
    WARNING = "warning", "Warning"
    FINDING = "finding", "Finding"
    ALARM = "alarm", "Alarm"
    USER = "user", "User"
    ROLE = "role", "Role"
    QUEUE_GROUP = "queue_group", "Queue group"
    LIST = "list", "List"
    VIEW = "view", "Saved view"
    IMPORT = "import", "Import"
    VAULT = "vault", "Vault"
    TRAIL = "trail", "Audit log"


# The words of each, by the stored value.
ACT_WORDS, KIND_WORDS = dict(Action.choices), dict(Kind.choices)
