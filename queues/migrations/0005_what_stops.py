"""The addresses of a server with their queues: what stops is counted by index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("queues", "0004_lists")]

    operations = [
        migrations.RunSQL("SET LOCAL statement_timeout = 0", migrations.RunSQL.noop),
        migrations.AddIndex("queueaddress", models.Index(fields=["server", "queue"], name="address_by_server")),
    ]
