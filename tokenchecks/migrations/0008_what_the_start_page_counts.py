"""What the start page counts by status and by end, it counts off the indexes alone."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("tokenchecks", "0007_what_stops")]
    operations = [
        migrations.RemoveIndex(model_name="checkrun", name="run_by_end"),
        migrations.RemoveIndex(model_name="watch", name="watch_by_status"),
        migrations.AddIndex(
            model_name="checkrun",
            index=models.Index(
                fields=["-finished_at"],
                include=["kind"],
                name="run_by_end",
                condition=Q(state="done", purpose="check"),
            ),
        ),
        migrations.AddIndex(
            model_name="watch",
            index=models.Index(fields=["status", "-since"], include=["kind"], name="watch_by_status"),
        ),
    ]
