"""What shares a cause is kept with the watch; indexes for the start page."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("queues", "0003_address_by_account"),
        ("tokenchecks", "0004_history"),
    ]

    operations = [
        migrations.AddField("watch", "scope", models.CharField(blank=True, max_length=60, default=""), preserve_default=False),
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
