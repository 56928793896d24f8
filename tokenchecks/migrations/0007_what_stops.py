"""What each address hangs on is kept with its watch, and stands in the index of what is in trouble."""

from typing import Any

from django.db import migrations, models
from django.db.models import OuterRef, Q, Subquery

from tokenchecks.subjects.grouping import scope_of


def fill(apps: Any, _editor: Any) -> None:
    """Say what each address hangs on, and of what is in trouble what shares its cause; later checks say it anew."""
    watches = apps.get_model("tokenchecks", "Watch").objects
    address = apps.get_model("queues", "QueueAddress").objects.filter(pk=OuterRef("subject_id")).order_by()
    hangs_on = {"home": Subquery(address.values("queue")), "server": Subquery(address.values("server"))}
    watches.filter(kind="address").update(**hangs_on)
    for cause, class_ in watches.exclude(cause="").order_by().values_list("cause", "error_class").distinct():
        watches.filter(cause=cause, error_class=class_).update(scope=scope_of(cause, class_))


class Migration(migrations.Migration):
    dependencies = [("queues", "0004_lists"), ("tokenchecks", "0006_lists")]

    operations = [
        migrations.RunSQL("SET LOCAL statement_timeout = 0", migrations.RunSQL.noop),
        migrations.AddField("watch", "home", models.UUIDField(null=True)),
        migrations.AddField("watch", "server", models.UUIDField(null=True)),
        migrations.RemoveIndex("watch", "watch_troubles"),
        migrations.AddIndex(
            "watch",
            models.Index(
                fields=["rank", "cause", "scope"],
                include=["kind", "since", "subject_id", "status", "home", "server"],
                name="watch_troubles",
                condition=Q(due_at__isnull=False, status__in=["broken", "warning"]),
            ),
        ),
        # Last, since PostgreSQL makes no index on a table whose rows were changed in the same transaction.
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
