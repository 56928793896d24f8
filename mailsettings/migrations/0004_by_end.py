"""The servers by the day on which their secret ends, for the start page."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("mailsettings", "0003_by_status")]

    operations = [
        migrations.AddIndex(
            "incomingserver",
            models.Index(
                fields=["secret_expires_on"], name="incoming_by_end", condition=Q(secret_expires_on__isnull=False)
            ),
        ),
    ]
