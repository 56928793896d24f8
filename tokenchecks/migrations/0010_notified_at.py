"""The fields are named as they are elsewhere; their columns stay, so that a worker of the release before goes on."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tokenchecks", "0009_since_of_causes")]

    operations = [
        migrations.AlterField("checkrun", "rung_at", models.DateTimeField(db_column="rung_at", null=True)),
        migrations.RenameField("checkrun", "rung_at", "notified_at"),
        migrations.AlterField("checkrun", "bell_failed", models.BooleanField(db_column="bell_failed", default=False)),
        migrations.RenameField("checkrun", "bell_failed", "notify_failed"),
    ]
