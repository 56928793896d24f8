"""The field is named as it is elsewhere; its column stays, so that a worker of the release before goes on."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("imports", "0006_remarks")]

    operations = [
        migrations.AlterField("import", "rung_at", models.DateTimeField(db_column="rung_at", null=True)),
        migrations.RenameField("import", "rung_at", "notified_at"),
    ]
