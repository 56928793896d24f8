"""Jobs are claimed under a lease, as imports and check runs are. Columns that were there keep their names."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bulk", "0001_initial")]

    operations = [
        migrations.AlterField("bulkjob", "tries", models.PositiveSmallIntegerField(db_column="tries", default=0)),
        migrations.RenameField("bulkjob", "tries", "attempt"),
        migrations.AlterField("bulkjob", "progress", models.PositiveIntegerField(db_column="progress", default=0)),
        migrations.RenameField("bulkjob", "progress", "done"),
        migrations.AddField("bulkjob", "fence", models.PositiveIntegerField(db_default=0, default=0)),
        migrations.AddField("bulkjob", "lease_until", models.DateTimeField(null=True)),
        migrations.AddField("bulkjob", "notified_at", models.DateTimeField(null=True)),
    ]
