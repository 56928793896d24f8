"""What shares a cause is kept with the watch; indexes for the start page."""

from typing import Any

from django.db import migrations, models
from django.db.models import Q

from tokenchecks.grouping import scope_of


def fill(apps: Any, _editor: Any) -> None:
    """Say of what is in trouble already what shares its cause; later checks say it anew."""
    watches = apps.get_model("tokenchecks", "Watch").objects
    found = watches.exclude(cause="").order_by().values_list("cause", "error_class").distinct()
    for cause, class_ in found:
        watches.filter(cause=cause, error_class=class_).update(scope=scope_of(cause, class_))


class Migration(migrations.Migration):
    dependencies = [
        ("queues", "0003_address_by_account"),
        ("tokenchecks", "0004_history"),
    ]

    operations = [
        migrations.AddField("watch", "scope", models.CharField(blank=True, max_length=60, default=""), preserve_default=False),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            "watch",
            models.Index(
                fields=["rank", "cause", "scope"],
                include=["kind", "since", "subject_id", "status"],
                name="watch_troubles",
                condition=Q(due_at__isnull=False, status__in=["broken", "warning"]),
            ),
        ),
        migrations.AddIndex(
            "checkrun",
            models.Index(fields=["-finished_at"], name="run_by_end", condition=Q(state="done", purpose="check")),
        ),
    ]
